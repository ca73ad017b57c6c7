"""Examples of requests and answers: the documented ones, continued for the operations around them."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from ostiary.api.openapi.import_examples import IMPORT_ANSWERS, IMPORT_FILE, IMPORT_ID

Example = dict[str, Any]
CLIENT_ID, REQUEST_ID = "4QWq1rQtjnLM0wMswTRY9AmM4XTvY4GG", "2VvyMx6rNLRB1W9euCyJGe46qyoiVPzh"
OPERATION_ID = "6H1hVqk2C9m7Zr0TgYw4Nn8sLbX3dQpE"
CREATED, LATER, LAST = "2026-04-15T10:30:00", "2026-04-16T09:12:00", "2026-04-16T09:20:00"
ACCEPTANCE_ID = "3Kc9Tn4Wx7bQz1Vd8RmLs6HfJ2eAgP0y"
LINK_ID = "0Gw1Qb7Vd2nZpXy4TtKc8RmLs6HfJ3eA"
EXAMPLES = {
    "clientId": CLIENT_ID,
    "productRequestId": REQUEST_ID,
    "deliveryId": OPERATION_ID,
    "linkId": LINK_ID,
    "termsId": "cards_terms",
    "acceptanceId": ACCEPTANCE_ID,
    "importId": IMPORT_ID,
}
"""Ids for the parameters of paths."""
WEBHOOK_URL, WEBHOOK_KEY = "https://partner.example.com/ostiary", "a-key-of-your-own"

MARIA: Example = {
    "first_name": "Maria",
    "second_name": "Julia",
    "last_name": "Barber",
    "email": "mjuliabarber@example.com",
    "birth_date": "1984-11-21",
    "address": {
        "street_line1": "Florida 9860",
        "city": "Del Viso",
        "postal_code": "1669",
        "state": "ARG-B",
        "country": "ARG",
    },
}
PHONE: Example = {"phone_country_code": 54, "phone_number": 1168860622}
CLIENT: Example = {"id": CLIENT_ID, "type": "individual", "status": "pending", **MARIA}
NUMBER: Example = {"id": "number", "name": "Document Number", "data_type": "STRING", "required": True}
PASSPORT: Example = {
    "id": "passport",
    "name": "Passport",
    "description": "The page with the photograph, all four corners visible",
    "required": True,
    "require_image": True,
    "require_back_image": False,
    "metadata": [NUMBER],
}
IDENTITY: Example = {
    "id": "identity_document",
    "name": "Identity document",
    "description": "Proof of who the client is",
    "required": True,
    "valid_documents": [PASSPORT],
}
PERSONAL: Example = {
    "id": "personal_information",
    "name": "Personal information",
    "description": "Personal information needed for KYC",
    "required": True,
    "fields": [{"key": "phone", "data_type": "PHONE", "required": True}],
}
BLURRED: Example = {
    "type": "document",
    "key": "passport",
    "reason": "The picture is blurred.",
    "code": "image_blurred",
    "field": "image_front",
    "retryable": True,
    "action": "Hold the camera still, let it focus, and take a new picture.",
}


def product(status: str, documents: list[Example], data: list[Example], updated: str) -> Example:
    return {
        "id": REQUEST_ID,
        "client_id": CLIENT_ID,
        "product": "cards_individuals",
        "status": status,
        "missing_requirements": {"documents": documents, "data": data},
        "created_at": CREATED,
        "updated_at": updated,
    }


ASKED = product("pending_documentation", [IDENTITY], [PERSONAL], CREATED)
DOCUMENTED = product("pending_documentation", [], [PERSONAL], LATER)
IN_KYC = product("in_kyc", [], [], LAST)
WITHDRAWN = product("rejected", [], [], LAST) | {"rejection_description": "withdrawn by the company"}
WEBHOOK: Example = {"name": "Acme", "webhook_url": WEBHOOK_URL, "webhook_key": WEBHOOK_KEY}
LINK_WISH: Example = {
    "return_url": "https://partner.example.com/done",
    "refresh_url": "https://partner.example.com/again",
    "state": "order-1138",
    "language": "es",
}
LINK: Example = {
    "id": LINK_ID,
    "client_id": CLIENT_ID,
    "status": "active",
    "product_request_ids": [REQUEST_ID],
    "created_at": CREATED,
    "expires_at": "2026-04-15T11:30:00",
    **LINK_WISH,
}
LINK_URL = "https://kyc.example.com/onboarding/" + "b7VQd2nZpXy4TtKc" * 4
TERMS_TEXT = "You may use the card to pay.\n"
TERMS_HASH = sha256(TERMS_TEXT.encode()).hexdigest()
TERMS_SHOWN: Example = {
    "terms_id": "cards_terms", "version": "2026-04", "language": "en", "sha256": TERMS_HASH,
    "accepted_by": {"name": "Maria Barber", "capacity": "self"}, "accepted_at": CREATED, "channel": "web",
    "ip_address": "203.0.113.7", "user_agent": "Mozilla/5.0",
}  # fmt: skip
ACCEPTANCE: Example = {"id": ACCEPTANCE_ID, **TERMS_SHOWN, "recorded_at": CREATED}
TERMS: Example = {
    "id": "cards_terms", "name": "Terms of the card", "version": "2026-04", "language": "en", "sha256": TERMS_HASH,
    "text": TERMS_TEXT, "languages": ["en", "es"],
}  # fmt: skip
TERMS_PROOF: Example = {
    "client_id": CLIENT_ID, "acceptance": ACCEPTANCE, "name": "Terms of the card", "text": TERMS_TEXT,
    "audit_entry": {
        "position": 3, "at": CREATED, "action": "terms_accepted", "actor": "api_key:5Hd0Qb7Vd2nZpXy4",
        "codes": ["cards_terms", "2026-04", "en", TERMS_HASH], "digest": "9f86d081", "hash": "01a7ffc6",
    },
}  # fmt: skip
BRAND: Example = {
    "name": "Acme", "primary_colour": "#1d4f91", "text_on_primary": "white", "background_colour": "#ffffff",
    "text_on_background": "black", "support": "help@example.com", "privacy": {"en": "What we keep, and why."},
    "frame_origins": ["https://shop.example.com"],
}  # fmt: skip
DELIVERY: Example = {
    "product": "company_activity",
    "event_type": "product_enablement_status_changed",
    "operation_id": OPERATION_ID,
    "status": "pending",
    "data": {
        "client_id": CLIENT_ID,
        "product_request_id": REQUEST_ID,
        "product": "cards_individuals",
        "status": "in_kyc",
        "previous_status": "pending_documentation",
        "rejected_items": [],
        "occurred_at": LAST,
    },
}
ONBOARDING_DELIVERY: Example = {
    "product": "company_activity",
    "event_type": "onboarding_finished",
    "operation_id": OPERATION_ID,
    "status": "success",
    "data": {
        "client_id": CLIENT_ID,
        "link_id": LINK_ID,
        "product_request_ids": [REQUEST_ID],
        "occurred_at": LAST,
    },
}
DUE, AFTER_GRACE = "2027-04-15T23:59:59", "2027-05-15T23:59:59"
RENEWAL: Example = {
    "state": "submitted",
    "due_at": DUE,
    "reasons": ["period"],
    "missing_requirements": {"documents": [], "data": []},
    "consequence": "keep_and_review",
    "consequence_at": AFTER_GRACE,
}
RENEWAL_DELIVERY: Example = {
    "product": "company_activity",
    "event_type": "renewal_opened",
    "operation_id": OPERATION_ID,
    "status": "pending",
    "data": {
        "client_id": CLIENT_ID,
        "product_request_id": REQUEST_ID,
        "product": "cards_individuals",
        "due_at": DUE,
        "days_left": 90,
        "reasons": ["period"],
        "consequence": "keep_and_review",
        "consequence_at": AFTER_GRACE,
        "rejected_items": [],
        "occurred_at": LAST,
    },
}
ERASURE_DELIVERY: Example = {
    "product": "company_activity",
    "event_type": "client_erased",
    "operation_id": OPERATION_ID,
    "status": "success",
    "data": {
        "client_id": CLIENT_ID,
        "erasure_id": REQUEST_ID,
        "cause": "request",
        "requested_at": LAST,
        "erased_at": LAST,
        "receipt_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "occurred_at": LAST,
    },
}
_CATALOGUE: Example = {
    "version": "3f1c9a7e",
    "products": [
        {
            "id": "cards_individuals",
            "name": "Cards",
            "description": "A card for the client's own spending",
            "documents": [IDENTITY],
            "data": [
                PERSONAL | {
                    "fields": [
                        {"key": "phone", "id": "phone", "name": "Phone", "data_type": "PHONE", "required": True}
                    ]
                }
            ],
        }
    ],
    "attributes": [{"id": "occupation", "name": "Occupation", "data_type": "STRING", "required": True}],
    "limits": {
        "max_body_bytes": 20_971_520,
        "max_picture_bytes": 12_000_000,
        "max_picture_pixels": 64_000_000,
        "min_picture_short_side_px": 250,
        "min_picture_long_side_px": 400,
        "picture_types": ["image/jpeg", "image/png", "image/webp", "image/bmp"],
    },
}  # fmt: skip
CHIP_FILES: Example = {"sod": "d4IHKjCCByYGCSqGSIb3DQEHAqCCBxcw...", "dg1": "YVtfH1hQPEFSR0JBUkJFUjw8TUFSSUE8..."}
"""Only of documents whose `chip` is taken."""
_DETAILS: Example = {"number": "AB1234567", "issuing_country": "ARG"}
REQUESTS: dict[str, Any] = {
    "create_import": IMPORT_FILE,
    "create_client": {**MARIA},
    "update_client": {**MARIA, **PHONE},
    "request_product": {"subproduct": "cards_individuals"},
    "complete_documentation": {
        "document": {
            "document_type": "passport",
            "image_front": "data:image/jpeg;base64,/9j/4AAQSkZJRgABAQ...",
            "metadata": _DETAILS,
            "chip": CHIP_FILES,
        }
    },
    "create_onboarding_link": LINK_WISH,
    "accept_terms": TERMS_SHOWN,
    "set_brand": BRAND,
    "set_logo": {"logo": "iVBORw0KGgoAAAANSUhEUgAAAgA..."},
    "subscribe_webhook": {"url": WEBHOOK_URL, "webhook_key": WEBHOOK_KEY},
    "change_webhook_key": {"key": WEBHOOK_KEY},
    "rotate_signing_secret": {"overlap_hours": 24},
    "simulate_verdict": {"outcome": "pending_documentation", "reasons": ["image_blurred"]},
    "move_clock": {"advance": "P90D"},
}
CLOCK: Example = {"now": "2026-07-14T10:30:00", "ahead_s": 7_776_000, "next_due_at": "2026-09-01T00:00:00"}
DELIVERED: Example = {
    "id": OPERATION_ID, "event_type": "product_enablement_status_changed", "state": "delivered",
    "client_id": CLIENT_ID, "product_request_id": REQUEST_ID, "sequence": 2, "tries": 1, "created_at": LAST,
    "ended_at": LAST,
}  # fmt: skip
TESTED: Example = {
    "id": OPERATION_ID, "event_type": "webhook_test", "state": "pending", "tries": 0, "created_at": LAST,
    "next_try_at": LAST,
}  # fmt: skip
PARTS: Example = {"document": {"document_type": "passport", "metadata": _DETAILS}}
"""The multipart form; its pictures are bytes, which no JSON can show."""
ANSWERS: dict[str, dict[str, Any]] = {
    **IMPORT_ANSWERS,
    "create_client": {"created": CLIENT},
    "list_clients": {"page": [CLIENT]},
    "read_client": {"client": CLIENT | PHONE},
    "update_client": {"updated": CLIENT | PHONE},
    "erase_client": {
        "waiting": {"id": REQUEST_ID, "client_id": CLIENT_ID, "status": "waiting", "requested_at": LATER},
    },
    "request_product": {"missing": ASKED},
    "list_products": {"requests": [ASKED]},
    "list_requests": {"requests": [ASKED]},
    "read_product": {"missing": DOCUMENTED, "reviewed": IN_KYC},
    "complete_documentation": {
        "taken": {"product": DOCUMENTED, "rejected_items": []},
        "not_taken": {"product": ASKED, "rejected_items": [BLURRED]},
    },
    "make_chip_challenge": {
        "made": {"challenge_id": OPERATION_ID, "challenge": "a1b2c3d4e5f60718", "expires_at": LAST}
    },
    "submit_product": {
        "advanced": {"product": IN_KYC, "rejected_items": []},
        "still_missing": {"product": DOCUMENTED, "rejected_items": []},
    },
    "withdraw_product": {"withdrawn": WITHDRAWN},
    "create_onboarding_link": {"created": LINK | {"url": LINK_URL}},
    "confirm_renewal": {
        "submitted": {"product": product("enabled", [], [], LAST) | {"renewal": RENEWAL}, "rejected_items": []},
    },
    "list_renewals": {
        "due": [
            {
                "client_id": CLIENT_ID,
                "product_request_id": REQUEST_ID,
                "product": "cards_individuals",
                "state": "open",
                "due_at": DUE,
                "reasons": ["period"],
            }
        ]
    },
    "list_onboarding_links": {"links": [LINK]},
    "read_onboarding_link": {"opened": LINK | {"status": "opened", "opened_at": CREATED}},
    "accept_terms": {"accepted": ACCEPTANCE},
    "list_acceptances": {"acceptances": [ACCEPTANCE]},
    "read_acceptance": {"proof": TERMS_PROOF},
    "read_terms": {"terms": TERMS},
    "simulate_verdict": {"returned": ASKED},
    "list_scenarios": {
        "scenarios": [
            {
                "id": "retry",
                "description": "Sent back once",
                "number_prefix": "RETRY",
                "times": 1,
                "outcome": "pending_documentation",
                "reasons": [{"code": "image_not_readable", "field": "image_front"}],
            },
            {"id": "usual", "description": "Enabled", "outcome": "enabled"},
        ]
    },
    "move_clock": {"moved": CLOCK | {"happened": 3}},
    "read_clock": {"clock": CLOCK},
    "read_catalogue": {"catalogue": _CATALOGUE},
    "read_brand": {"brand": {**BRAND, "has_logo": True}},
    "set_brand": {"brand": {**BRAND, "has_logo": False}},
    "set_logo": {"brand": {**BRAND, "has_logo": True}},
    "read_webhook": {"settings": WEBHOOK},
    "subscribe_webhook": {"settings": WEBHOOK},
    "change_webhook_key": {"settings": WEBHOOK},
    "rotate_signing_secret": {
        "rotated": {"signing_secret": "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD", "previous_until": LAST}
    },
    "read_webhook_health": {"failing": {"state": "failing", "last_success_at": LATER, "failing_since": LAST}},
    "send_test_event": {"sent": TESTED},
    "list_deliveries": {"page": [DELIVERED]},
    "read_delivery": {"tried": {**DELIVERED, "payload": DELIVERY, "attempts": [{"at": LAST, "ms": 84, "status": 200}]}},
    "redeliver": {"again": {**DELIVERED, "state": "pending", "tries": 0, "next_try_at": LAST}},
    "read_signing_secret": {"secret": {"signing_secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}},
}
