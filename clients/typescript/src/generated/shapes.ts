// What each value consists of: answers are held against it.
// Generated from the service's own types by `make clients`: do not edit.

import type { Address, Erasure, IndividualClient } from "./clients.js";
import type { CatalogueField, Chip, ChipAnchor, ChipEvidence, ChipSigner, ComparedRule, DocumentDetail, DocumentType, JudgedReading, RejectedItem, Risk } from "./forms.js";
import type { ChipChallenge, Deadline, ExplainedRequirement, FutureRequirements, Judged, MissingData, MissingDocument, MissingField, MissingRequirements, NextAction, OnboardingLink, Product, Renewal } from "./products.js";
import type { Acceptor, Terms, TermsAcceptance, TermsAuditEntry, TermsProof, TermsText, WordedTerms } from "./terms.js";
import type { Clock, Redone, Scenario } from "./sandbox.js";
import type { Import, ImportRows } from "./imports.js";
import type { Catalogue, CatalogueData, CatalogueDataField, CatalogueDocument, CatalogueDocumentType, CatalogueProduct, CatalogueTerms, Limits } from "./catalogue.js";
import type { Brand, DeliveryAttempt, DeliveryState, Privacy, RotatedSecret, SigningSecret, TriedDelivery, WebhookHealth, WebhookSettings } from "./company.js";
import type { ErasedClient, ErasureEvent, OnboardingEvent, OnboardingStep, RenewalEvent, RenewalState, StatusChange, StatusChanged } from "./events.js";
import type { Fault } from "./problems.js";

/** The values by their names. */
export interface Values {
  readonly Address: Address;
  readonly IndividualClient: IndividualClient;
  readonly Erasure: Erasure;
  readonly DocumentDetail: DocumentDetail;
  readonly Chip: Chip;
  readonly DocumentType: DocumentType;
  readonly MissingDocument: MissingDocument;
  readonly MissingField: MissingField;
  readonly MissingData: MissingData;
  readonly MissingRequirements: MissingRequirements;
  readonly NextAction: NextAction;
  readonly ComparedRule: ComparedRule;
  readonly ChipSigner: ChipSigner;
  readonly ChipAnchor: ChipAnchor;
  readonly ChipEvidence: ChipEvidence;
  readonly JudgedReading: JudgedReading;
  readonly ExplainedRequirement: ExplainedRequirement;
  readonly Risk: Risk;
  readonly RejectedItem: RejectedItem;
  readonly FutureRequirements: FutureRequirements;
  readonly Renewal: Renewal;
  readonly TermsText: TermsText;
  readonly Terms: Terms;
  readonly Product: Product;
  readonly Judged: Judged;
  readonly ChipChallenge: ChipChallenge;
  readonly Deadline: Deadline;
  readonly OnboardingLink: OnboardingLink;
  readonly Acceptor: Acceptor;
  readonly TermsAcceptance: TermsAcceptance;
  readonly TermsAuditEntry: TermsAuditEntry;
  readonly TermsProof: TermsProof;
  readonly WordedTerms: WordedTerms;
  readonly Redone: Redone;
  readonly Scenario: Scenario;
  readonly Clock: Clock;
  readonly ImportRows: ImportRows;
  readonly Import: Import;
  readonly CatalogueField: CatalogueField;
  readonly CatalogueDocumentType: CatalogueDocumentType;
  readonly CatalogueDocument: CatalogueDocument;
  readonly CatalogueDataField: CatalogueDataField;
  readonly CatalogueData: CatalogueData;
  readonly CatalogueTerms: CatalogueTerms;
  readonly CatalogueProduct: CatalogueProduct;
  readonly Limits: Limits;
  readonly Catalogue: Catalogue;
  readonly Privacy: Privacy;
  readonly Brand: Brand;
  readonly WebhookSettings: WebhookSettings;
  readonly SigningSecret: SigningSecret;
  readonly RotatedSecret: RotatedSecret;
  readonly WebhookHealth: WebhookHealth;
  readonly DeliveryState: DeliveryState;
  readonly DeliveryAttempt: DeliveryAttempt;
  readonly TriedDelivery: TriedDelivery;
  readonly StatusChange: StatusChange;
  readonly StatusChanged: StatusChanged;
  readonly OnboardingStep: OnboardingStep;
  readonly OnboardingEvent: OnboardingEvent;
  readonly RenewalState: RenewalState;
  readonly RenewalEvent: RenewalEvent;
  readonly ErasedClient: ErasedClient;
  readonly ErasureEvent: ErasureEvent;
  readonly Fault: Fault;
}

/** Of each value its fields; `?` before what may be absent. */
export const SHAPES: { readonly [Name in keyof Values]: Readonly<Record<string, string>> } = {
  Address: {
    street_line1: "string",
    street_line2: "?string",
    city: "string",
    postal_code: "?string",
    state: "?string",
    country: "string",
  },
  IndividualClient: {
    id: "string",
    type: "string",
    status: "string",
    first_name: "string",
    second_name: "?string",
    last_name: "string",
    email: "string",
    birth_date: "string",
    address: "Address",
    phone_country_code: "?number",
    phone_number: "?number",
    reference: "?string",
    created_at: "?string",
    updated_at: "?string",
  },
  Erasure: {
    id: "string",
    client_id: "string",
    status: "string",
    requested_at: "string",
    kept_until: "?string",
  },
  DocumentDetail: {
    id: "string",
    name: "string",
    data_type: "string",
    required: "boolean",
    options: "?string[]",
    option_names: "?string[]",
    description: "?string",
    pattern: "?string",
    min_length: "?number",
    max_length: "?number",
    minimum: "?number",
    maximum: "?number",
  },
  Chip: {
    wanted: "string",
    groups: "string[]",
    present: "boolean",
    pictures: "string",
  },
  DocumentType: {
    id: "string",
    name: "string",
    description: "string",
    required: "boolean",
    require_image: "boolean",
    require_back_image: "boolean",
    metadata: "DocumentDetail[]",
    issuing_countries: "?string[]",
    chip: "?Chip",
  },
  MissingDocument: {
    id: "string",
    name: "string",
    description: "string",
    required: "boolean",
    valid_documents: "DocumentType[]",
  },
  MissingField: {
    key: "string",
    name: "?string",
    data_type: "string",
    required: "boolean",
    options: "?string[]",
    option_names: "?string[]",
    description: "?string",
    pattern: "?string",
    min_length: "?number",
    max_length: "?number",
    minimum: "?number",
    maximum: "?number",
  },
  MissingData: {
    id: "string",
    name: "string",
    description: "string",
    required: "boolean",
    fields: "MissingField[]",
  },
  MissingRequirements: {
    documents: "MissingDocument[]",
    data: "MissingData[]",
  },
  NextAction: {
    owner: "string",
    action: "string",
    description: "string",
    missing: "?string[]",
  },
  ComparedRule: {
    rule: "string",
    result: "string",
    given: "?string",
    read: "?string",
    where: "?string",
    note: "?string",
  },
  ChipSigner: {
    subject: "string",
    issuer: "string",
    serial: "string",
    sha256: "string",
    valid_from: "string",
    valid_until: "string",
  },
  ChipAnchor: {
    sha256: "string",
    country: "string",
    lists: "string[]",
  },
  ChipEvidence: {
    proof: "string",
    trust: "?string",
    signer: "?ChipSigner",
    anchors: "ChipAnchor[]",
    groups: "{string}",
    revocation: "?string",
  },
  JudgedReading: {
    outcome: "string",
    reasons: "string[]",
    rules: "ComparedRule[]",
    chip: "?ChipEvidence",
  },
  ExplainedRequirement: {
    requirement: "string",
    applies: "boolean|string",
    condition: "?string",
    satisfied_by: "?string",
    since: "?string",
    missing: "?string[]",
    judged: "?JudgedReading",
  },
  Risk: {
    risk_class: "string",
    rules: "string[]",
  },
  RejectedItem: {
    type: "string",
    key: "string",
    reason: "string",
    code: "string",
    field: "string",
    retryable: "boolean",
    action: "string",
  },
  FutureRequirements: {
    documents: "MissingDocument[]",
    data: "MissingData[]",
    starts_on: "string",
  },
  Renewal: {
    state: "string",
    due_at: "string",
    reasons: "string[]",
    missing_requirements: "MissingRequirements",
    consequence: "string",
    consequence_at: "string",
  },
  TermsText: {
    language: "string",
    sha256: "string",
  },
  Terms: {
    id: "string",
    name: "string",
    version: "string",
    texts: "TermsText[]",
    re_accept: "?string",
  },
  Product: {
    id: "string",
    client_id: "string",
    product: "string",
    status: "string",
    missing_requirements: "MissingRequirements",
    created_at: "string",
    updated_at: "string",
    rejection_description: "?string",
    next_action: "?NextAction",
    explain: "?ExplainedRequirement[]",
    risk: "?Risk",
    rejected_items: "?RejectedItem[]",
    future_requirements: "?FutureRequirements[]",
    renewal: "?Renewal",
    terms: "?Terms[]",
  },
  Judged: {
    product: "Product",
    rejected_items: "RejectedItem[]",
  },
  ChipChallenge: {
    challenge_id: "string",
    challenge: "string",
    expires_at: "string",
  },
  Deadline: {
    client_id: "string",
    product_request_id: "string",
    product: "string",
    state: "string",
    due_at: "string",
    reasons: "string[]",
    opens_at: "?string",
  },
  OnboardingLink: {
    id: "string",
    client_id: "string",
    status: "string",
    product_request_ids: "string[]",
    created_at: "string",
    expires_at: "string",
    url: "?string",
    return_url: "?string",
    refresh_url: "?string",
    state: "?string",
    language: "?string",
    opened_at: "?string",
    ended_at: "?string",
  },
  Acceptor: {
    name: "string",
    capacity: "string",
  },
  TermsAcceptance: {
    id: "string",
    terms_id: "string",
    version: "string",
    language: "string",
    sha256: "string",
    accepted_by: "Acceptor",
    accepted_at: "string",
    channel: "string",
    ip_address: "?string",
    user_agent: "?string",
    recorded_at: "string",
  },
  TermsAuditEntry: {
    position: "number",
    at: "string",
    action: "string",
    actor: "string",
    codes: "string[]",
    digest: "string",
    hash: "string",
  },
  TermsProof: {
    client_id: "string",
    acceptance: "TermsAcceptance",
    name: "string",
    text: "string",
    audit_entry: "TermsAuditEntry",
  },
  WordedTerms: {
    id: "string",
    name: "string",
    version: "string",
    language: "string",
    sha256: "string",
    text: "string",
    languages: "string[]",
    re_accept: "?string",
  },
  Redone: {
    code: "string",
    field: "string",
  },
  Scenario: {
    id: "string",
    description: "string",
    number_prefix: "?string",
    last_name: "?string",
    outcome: "string",
    delay_s: "?number",
    times: "?number",
    reasons: "?Redone[]",
    reason: "?string",
  },
  Clock: {
    now: "string",
    ahead_s: "number",
    moving_to: "?string",
    next_due_at: "?string",
    happened: "?number",
    resumed: "?boolean",
  },
  ImportRows: {
    total: "number",
    waiting: "number",
    good: "number",
    faulty: "number",
    done: "number",
    repeated: "number",
  },
  Import: {
    id: "string",
    status: "string",
    rows: "ImportRows",
    created_at: "string",
    ended_at: "?string",
  },
  CatalogueField: {
    id: "string",
    name: "string",
    data_type: "string",
    required: "boolean",
    options: "?string[]",
    option_names: "?string[]",
    description: "?string",
    pattern: "?string",
    min_length: "?number",
    max_length: "?number",
    minimum: "?number",
    maximum: "?number",
  },
  CatalogueDocumentType: {
    id: "string",
    name: "string",
    description: "string",
    required: "boolean",
    require_image: "boolean",
    require_back_image: "boolean",
    metadata: "CatalogueField[]",
    issuing_countries: "?string[]",
    chip: "?Chip",
    when: "?string",
    starts_on: "?string",
    affects: "?string",
  },
  CatalogueDocument: {
    id: "string",
    name: "string",
    description: "string",
    required: "boolean",
    valid_documents: "CatalogueDocumentType[]",
    when: "?string",
    starts_on: "?string",
    affects: "?string",
  },
  CatalogueDataField: {
    id: "string",
    name: "string",
    data_type: "string",
    required: "boolean",
    options: "?string[]",
    option_names: "?string[]",
    description: "?string",
    pattern: "?string",
    min_length: "?number",
    max_length: "?number",
    minimum: "?number",
    maximum: "?number",
    key: "string",
    when: "?string",
    starts_on: "?string",
    affects: "?string",
  },
  CatalogueData: {
    id: "string",
    name: "string",
    description: "string",
    required: "boolean",
    fields: "CatalogueDataField[]",
    when: "?string",
    starts_on: "?string",
    affects: "?string",
  },
  CatalogueTerms: {
    id: "string",
    name: "string",
    version: "string",
    texts: "TermsText[]",
    re_accept: "?string",
    when: "?string",
  },
  CatalogueProduct: {
    id: "string",
    name: "string",
    description: "string",
    minimum_age: "?number",
    documents: "CatalogueDocument[]",
    data: "CatalogueData[]",
    terms: "?CatalogueTerms[]",
    family: "?string",
    level: "?number",
  },
  Limits: {
    max_body_bytes: "number",
    max_picture_bytes: "number",
    max_picture_pixels: "number",
    min_picture_short_side_px: "number",
    min_picture_long_side_px: "number",
    picture_types: "string[]",
  },
  Catalogue: {
    version: "string",
    products: "CatalogueProduct[]",
    attributes: "CatalogueField[]",
    limits: "Limits",
  },
  Privacy: {
    en: "string",
    es: "?string",
    pt: "?string",
  },
  Brand: {
    name: "string",
    primary_colour: "string",
    text_on_primary: "string",
    background_colour: "string",
    text_on_background: "string",
    support: "?string",
    privacy: "?Privacy",
    frame_origins: "?string[]",
    has_logo: "boolean",
  },
  WebhookSettings: {
    name: "string",
    email: "?string",
    webhook_url: "?string",
    webhook_key: "?string",
    event_types: "?string[]",
  },
  SigningSecret: {
    signing_secret: "string",
  },
  RotatedSecret: {
    signing_secret: "string",
    previous_until: "string",
  },
  WebhookHealth: {
    state: "string",
    last_success_at: "?string",
    failing_since: "?string",
    disabled_at: "?string",
    disabled_because: "?string",
  },
  DeliveryState: {
    id: "string",
    event_type: "string",
    state: "string",
    client_id: "?string",
    product_request_id: "?string",
    link_id: "?string",
    sequence: "?number",
    tries: "number",
    created_at: "string",
    next_try_at: "?string",
    waits_for_earlier: "?boolean",
    ended_at: "?string",
  },
  DeliveryAttempt: {
    at: "string",
    ms: "number",
    status: "?number",
    problem: "?string",
    answer: "?string",
  },
  TriedDelivery: {
    id: "string",
    event_type: "string",
    state: "string",
    client_id: "?string",
    product_request_id: "?string",
    link_id: "?string",
    sequence: "?number",
    tries: "number",
    created_at: "string",
    next_try_at: "?string",
    waits_for_earlier: "?boolean",
    ended_at: "?string",
    payload: "{unknown}",
    attempts: "DeliveryAttempt[]",
  },
  StatusChange: {
    client_id: "string",
    product_request_id: "string",
    product: "string",
    status: "string",
    previous_status: "string",
    rejected_items: "RejectedItem[]",
    occurred_at: "string",
    sequence: "?number",
    rejection_description: "?string",
  },
  StatusChanged: {
    product: "string",
    event_type: "string",
    operation_id: "string",
    status: "string",
    data: "StatusChange",
  },
  OnboardingStep: {
    client_id: "string",
    link_id: "string",
    product_request_ids: "string[]",
    occurred_at: "string",
    step: "?string",
  },
  OnboardingEvent: {
    product: "string",
    event_type: "string",
    operation_id: "string",
    status: "string",
    data: "OnboardingStep",
  },
  RenewalState: {
    client_id: "string",
    product_request_id: "string",
    product: "string",
    due_at: "string",
    days_left: "number",
    reasons: "string[]",
    consequence: "string",
    consequence_at: "string",
    rejected_items: "RejectedItem[]",
    occurred_at: "string",
  },
  RenewalEvent: {
    product: "string",
    event_type: "string",
    operation_id: "string",
    status: "string",
    data: "RenewalState",
  },
  ErasedClient: {
    client_id: "string",
    erasure_id: "string",
    cause: "string",
    requested_at: "string",
    erased_at: "string",
    receipt_sha256: "string",
    occurred_at: "string",
  },
  ErasureEvent: {
    product: "string",
    event_type: "string",
    operation_id: "string",
    status: "string",
    data: "ErasedClient",
  },
  Fault: {
    field: "string",
    code: "string",
    message: "string",
    client_id: "?string",
    product_request_id: "?string",
  },
};
