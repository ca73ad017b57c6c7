"""The tables that hold an installation, with their keys and columns. What only the processes of one database share
(`arrivals`, `stored_changes`, `rate_limits`) is not of it: what arrived is brought to its place first.

Wherever rows are a company's, its id leads the key, so that tables can be split by it (see docs/scale.md).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """A table; its key's columns lead the others."""

    name: str
    key: tuple[str, ...]
    others: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return (*self.key, *self.others)


def _table(name: str, key: str, others: str) -> Table:
    return Table(name, tuple(key.split()), tuple(others.split()))


TABLES = (
    _table("installation", "name", "value"),
    _table("catalogues", "version", "source added_at_ms"),
    _table("terms_texts", "sha256", "content added_at_ms"),
    _table(
        "companies", "company_id", "environment version data_key settings chain_length chain_head created_at_ms"
    ),
    _table(
        "api_keys", "company_id key_id",
        "secret_hash level allowed created_at_ms revoked_at_ms expires_at_ms",
    ),
    _table(
        "clients", "company_id client_id",
        "version status email_mark data_key details chain_length chain_head created_at_ms updated_at_ms reference_mark "
        "terms erased_at_ms details_version",
    ),
    _table(
        "enablements", "company_id client_id enablement_id",
        "product catalogue_version status attempt sequence rejection review review_since_ms created_at_ms "
        "updated_at_ms private_note review_kind review_reasons",
    ),
    _table(
        "deadlines", "company_id client_id enablement_id",
        "product state due_at_ms next_at_ms terms content",
    ),
    _table("documents", "company_id client_id document_id", "type status facts created_at_ms reading bytes"),
    _table("document_chips", "company_id client_id document_id", "content"),
    _table("chip_marks", "company_id chip_mark client_id document_id", ""),
    _table("chip_challenges", "company_id client_id enablement_id", "challenge_id challenge expires_at_ms"),
    _table("document_numbers", "company_id number_mark", "client_id document_id"),
    _table("past_profiles", "company_id client_id version", "at_ms profile"),
    _table("remarks", "company_id client_id remark_id", "at_ms content"),
    _table("contested_numbers", "company_id number_mark client_id document_id", ""),
    _table("likenesses", "company_id band_mark client_id document_id", ""),
    _table("refused_pictures", "company_id client_id picture_mark", "at_ms"),
    _table("screening_hits", "company_id client_id hit_mark", "state evidence found_at_ms"),
    _table("screenings", "company_id client_id", "lists subject_mark at_ms"),
    _table(
        "messages", "company_id message_id",
        "topic client_id enablement_id sequence state due_at_ms lease leased_until_ms attempts body created_at_ms "
        "ended_at_ms queue woken",
    ),
    _table("attempts", "company_id message_id attempt_id", "at_ms ms status problem answer"),
    _table(
        "queues", "company_id queue",
        "due_at_ms lane failing_since_ms succeeded_at_ms disabled_at_ms disabled_because wake_from_ms wakes_all",
    ),
    _table("answers", "company_id mark", "content lease leased_until_ms status body created_at_ms client_id"),
    _table("stored_bytes", "company_id", "bytes documents"),
    _table("operators", "company_id operator_id", "name_mark content created_at_ms updated_at_ms"),
    _table(
        "operator_sessions", "company_id session_mark", "operator_id created_at_ms seen_at_ms ends_at_ms content"
    ),
    _table("operator_passkeys", "company_id passkey_mark", "operator_id created_at_ms content ended_at_ms"),
    _table("sign_in_failures", "company_id mark", "failures at_ms until_ms"),
    _table("review_claims", "company_id enablement_id", "client_id operator_id claimed_at_ms until_ms"),
    _table("review_drafts", "company_id client_id enablement_id operator_id", "at_ms content"),
    _table("approvals", "company_id client_id enablement_id approval_id", "kind operator_id at_ms content"),
    _table(
        "onboarding_links", "company_id client_id link_id",
        "link_mark parent_id status sequence created_at_ms expires_at_ms opened_at_ms ended_at_ms due_at_ms content",
    ),
    _table(
        "onboarding_sessions", "company_id session_mark",
        "client_id link_id via_id created_at_ms seen_at_ms ends_at_ms",
    ),
    _table("company_brands", "company_id", "version updated_at_ms brand logo"),
    _table("publications", "company_id publication_id", "version state from_ms at_ms author note approver"),
    _table("terms_acceptances", "company_id client_id acceptance_id", "terms_id sha256 at_ms content"),
    _table(
        "erasures", "company_id erasure_id",
        "client_id state due_at_ms leased_until_ms attempts requested_at_ms ended_at_ms content receipt",
    ),
    _table("holds", "company_id client_id hold_id", "from_ms until_ms ended_at_ms content"),
    _table(
        "imports", "company_id import_id",
        "state actor form created_at_ms ended_at_ms next_at_ms lease waiting good faulty created done repeated",
    ),
    _table("import_rows", "company_id import_id position", "state client_id content"),
    _table("import_keys", "company_id key_mark", "client_id content"),
    _table("audit_entries", "company_id owner position", "at_ms action actor subject codes digest hash"),
    _table("audit_census", "company_id owner", "length seal"),
    _table("audit_tallies", "company_id", "content"),
)  # fmt: skip
OF_NO_COMPANY = ("installation", "catalogues", "terms_texts")
"""Few rows, the same for all: where tables are split by company, these are kept whole everywhere."""
