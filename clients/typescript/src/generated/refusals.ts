// Refusals of the service, by their codes.
// Generated from the service's own types by `make clients`: do not edit.

import { ApiError } from "../errors.js";

/** The request is malformed; details name each field and what it should be. */
export class InvalidRequest extends ApiError {
  static {
    this.prototype.name = "InvalidRequest";
  }
}

/** The API key is missing, unknown, revoked, expired, or not allowed from this address. */
export class Unauthorized extends ApiError {
  static {
    this.prototype.name = "Unauthorized";
  }
}

/** The API key's access level is too low for this operation. */
export class AccessDenied extends Unauthorized {
  static {
    this.prototype.name = "AccessDenied";
  }
}

/** There is no such client, request or address. */
export class NotFound extends ApiError {
  static {
    this.prototype.name = "NotFound";
  }
}

/** This address does not answer that method; the Allow header names those it does. */
export class MethodNotAllowed extends ApiError {
  static {
    this.prototype.name = "MethodNotAllowed";
  }
}

/** Send the body as application/json (documentation also takes multipart/form-data). */
export class UnsupportedMediaType extends ApiError {
  static {
    this.prototype.name = "UnsupportedMediaType";
  }
}

/** Some values break a rule; details name each and what would be right. */
export class ValidationFailed extends ApiError {
  static {
    this.prototype.name = "ValidationFailed";
  }
}

/** The company already has a client with this e-mail or reference. */
export class DuplicateClient extends ApiError {
  static {
    this.prototype.name = "DuplicateClient";
  }
}

/** There is no such product. */
export class ProductUnknown extends ApiError {
  static {
    this.prototype.name = "ProductUnknown";
  }
}

/** The client already has a live request for this product. */
export class ProductAlreadyRequested extends ApiError {
  static {
    this.prototype.name = "ProductAlreadyRequested";
  }
}

/** The request's status does not allow this. */
export class InvalidState extends ApiError {
  static {
    this.prototype.name = "InvalidState";
  }
}

/** The client's data has to be kept for now. */
export class KeptByLaw extends ApiError {
  static {
    this.prototype.name = "KeptByLaw";
  }
}

/** The product does not ask for this type of document. */
export class DocumentNotRequired extends ApiError {
  static {
    this.prototype.name = "DocumentNotRequired";
  }
}

/** The body is larger than this service accepts. */
export class PayloadTooLarge extends ApiError {
  static {
    this.prototype.name = "PayloadTooLarge";
  }
}

/** This idempotency key was used with other content; use a new key for a new request. */
export class IdempotencyKeyReused extends ApiError {
  static {
    this.prototype.name = "IdempotencyKeyReused";
  }
}

/** A request with this idempotency key is still running; try again shortly. */
export class IdempotencyKeyInUse extends ApiError {
  static {
    this.prototype.name = "IdempotencyKeyInUse";
  }
}

/** Too many requests; wait as long as the Retry-After header says. */
export class TooManyRequests extends ApiError {
  static {
    this.prototype.name = "TooManyRequests";
  }
}

/** The service cannot answer right now; try again shortly. */
export class Unavailable extends ApiError {
  static {
    this.prototype.name = "Unavailable";
  }
}

/** Something is wrong on our side; quote the trace id to support. */
export class InternalError extends ApiError {
  static {
    this.prototype.name = "InternalError";
  }
}

/** The classes by the codes that answers have. */
export const BY_CODE: ReadonlyMap<string, typeof ApiError> = new Map([
  ["INVALID_REQUEST", InvalidRequest],
  ["UNAUTHORIZED", Unauthorized],
  ["ACCESS_DENIED", AccessDenied],
  ["NOT_FOUND", NotFound],
  ["METHOD_NOT_ALLOWED", MethodNotAllowed],
  ["UNSUPPORTED_MEDIA_TYPE", UnsupportedMediaType],
  ["VALIDATION_FAILED", ValidationFailed],
  ["DUPLICATE_CLIENT", DuplicateClient],
  ["PRODUCT_UNKNOWN", ProductUnknown],
  ["PRODUCT_ALREADY_REQUESTED", ProductAlreadyRequested],
  ["INVALID_STATE", InvalidState],
  ["KEPT_BY_LAW", KeptByLaw],
  ["DOCUMENT_NOT_REQUIRED", DocumentNotRequired],
  ["PAYLOAD_TOO_LARGE", PayloadTooLarge],
  ["IDEMPOTENCY_KEY_REUSED", IdempotencyKeyReused],
  ["IDEMPOTENCY_KEY_IN_USE", IdempotencyKeyInUse],
  ["TOO_MANY_REQUESTS", TooManyRequests],
  ["UNAVAILABLE", Unavailable],
  ["INTERNAL_ERROR", InternalError],
]);

/** For answers of what stands between, which have no code of ours. */
export const BY_STATUS: ReadonlyMap<number, typeof ApiError> = new Map([
  [400, InvalidRequest],
  [401, Unauthorized],
  [404, NotFound],
  [405, MethodNotAllowed],
  [415, UnsupportedMediaType],
  [413, PayloadTooLarge],
  [422, IdempotencyKeyReused],
  [409, IdempotencyKeyInUse],
  [429, TooManyRequests],
  [503, Unavailable],
  [500, InternalError],
]);
