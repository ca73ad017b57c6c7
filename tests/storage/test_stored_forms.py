"""What is sealed has names of its own: every value that was ever sealed opens, and what is sealed now is as it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, make_dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from ostiary.adapters.crypto.keyring import Keyring
from ostiary.domain.clients.client import Address, Client
from ostiary.domain.companies.company import STATUS_CHANGED, Company
from ostiary.domain.documents.document import Document
from ostiary.domain.documents.reading import PictureQuality, Reading
from ostiary.domain.errors import StoredByNewer
from ostiary.domain.operators.operator import Link, Operator
from ostiary.domain.operators.passkeys import Passkey
from ostiary.domain.operators.sessions import SignInSource
from ostiary.domain.rejections import Rejection
from ostiary.domain.review.remarks import Remark
from ostiary.domain.screening.subject import Hit
from ostiary.domain.sentences import sentence
from ostiary.storage.stored import (
    approvals,
    chips,
    clients,
    companies,
    documents,
    operators,
    readings,
    remarks,
    screening,
)
from ostiary.storage.stored.forms import FORM, Pairs, encode, is_alike, straight
from ostiary.storage.stored.rejections import RejectionForm
from ostiary.storage.tables.clients import client_of, past_profile_of, remark_of
from ostiary.storage.tables.companies import company_of
from ostiary.storage.tables.documents import document_of
from ostiary.storage.tables.enablements import enablement_of
from ostiary.storage.tables.messages import attempt_of, message_of
from ostiary.storage.tables.screening import hit_mark, hit_of
from ostiary.storage.unit_context import client_box, company_box
from tests.kept import make_sealed, values
from tests.kept.differing import differing
from tests.storage.sealed_files import SEALED_FILES, SealedFile, read
from tests.storage.stored_names import names

NAMES = Path(__file__).parents[1] / "kept" / "names.txt"
PACK = msgspec.msgpack.encode
OPENED: Mapping[str, Callable[[bytes], object]] = {
    "companies.settings": companies.open_settings,
    "clients.details": clients.open_details,
    "past_profiles.profile": clients.open_past_profile,
    "remarks.content": lambda content: remarks.remark_from("id", 1, content),
    "approvals.content": lambda content: approvals.approval_from("request", "id", 1, content),
    "documents.facts": documents.open_facts,
    "document_chips.content": chips.open_chip,
    "documents.reading": readings.open_read,
    "screening_hits.evidence": screening.open_evidence,
    "operators.content": operators.open_content,
    "operator_passkeys.content": operators.open_passkey,
    "operator_sessions.content": operators.open_source,
}
"""Columns that hold a form, with what opens it."""
PAIRS: Pairs = {**companies.PAIRS, **clients.PAIRS, **documents.PAIRS, **readings.PAIRS}


NEWEST = read(SEALED_FILES[-1])


@pytest.fixture(params=SEALED_FILES, ids=lambda path: path.stem)
def sealed_file(request: pytest.FixtureRequest) -> SealedFile:
    return read(request.param)


@pytest.fixture
def cipher() -> Keyring:
    return make_sealed.keyring()


# ---- of every version, under its own keys ----


def test_a_company_opens(sealed_file: SealedFile, cipher: Keyring) -> None:
    wanted = values.company(sealed_file.data_keys["company"])
    if b"quota_bytes" not in sealed_file.plain["companies.settings"]:
        wanted = replace(wanted, quota_bytes=None)  # before schema 0009 companies had none of their own
    if b"clock_ahead_ms" not in sealed_file.plain["companies.settings"]:
        wanted = replace(wanted, clock_ahead_ms=0)  # nor a clock of their own
    if b"clock_until_ms" not in sealed_file.plain["companies.settings"]:
        wanted = replace(wanted, clock_until_ms=0)
    if b"event_types" not in sealed_file.plain["companies.settings"]:
        wanted = replace(wanted, webhook=replace(wanted.webhook, event_types=(STATUS_CHANGED,)))  # until schema 0012
    settings = sealed_file.sealed["companies.settings"]
    row = (wanted.id, "production", 3, wanted.data_key, settings, 7, bytes(range(32)), wanted.created_at_ms)
    assert company_of(cipher, row) == wanted


def test_a_client_opens_with_what_he_was_and_what_was_said_and_found_of_him(
    sealed_file: SealedFile, cipher: Keyring
) -> None:
    wanted = values.client(sealed_file.data_keys["client"])
    if b"risk_override" not in sealed_file.plain["clients.details"]:
        wanted = replace(wanted, risk_override=None)  # before schema 0013 nobody said how much risk a client is
    wanted = wanted if "clients.terms" in sealed_file.sealed else replace(wanted, accepted=())  # before schema 0015
    row = (wanted.id, wanted.company_id, 4, "active", wanted.data_key)
    later = (9, bytes(range(1, 33)), wanted.created_at_ms, wanted.updated_at_ms)
    details = {None: "clients.details", 4: "clients.details of a version"}  # bound to theirs from schema 0020 on
    for bound, name in details.items():
        if name in sealed_file.sealed:
            others = (sealed_file.sealed[name], *later, sealed_file.sealed.get("clients.terms"), bound)
            assert client_of(cipher, (*row, *others)) == wanted
    box, at_ms = client_box(cipher, wanted), values.AT_MS
    past = past_profile_of(box, (3, at_ms, sealed_file.sealed["past_profiles.profile"]), wanted.id)
    assert (past.profile, past.version, past.until_ms) == (values.PROFILE, 3, at_ms)
    assert remark_of(box, (values.REMARK_ID, at_ms, sealed_file.sealed["remarks.content"])) == values.REMARK
    mark = hit_mark(cipher, wanted, values.HIT)
    hit = hit_of(box, (mark, "open", sealed_file.sealed["screening_hits.evidence"], at_ms))
    assert (hit.hit, hit.key) == (values.HIT, mark.hex())
    request = enablement_of(
        (
            values.REQUEST_ID,
            wanted.company_id,
            wanted.id,
            "cards",
            values.REQUEST.catalogue_version,
            "rejected",
            0,
            0,
            sealed_file.sealed["enablements.rejection"],
            None,
            None,
            at_ms,
            at_ms,
            sealed_file.sealed["enablements.private_note"],
            None,
            None,
        ),
        box,
    )
    assert (request.rejection_description, request.private_note) == ("No.", "Not him.")


@pytest.mark.parametrize(("document", "variant", "status"), [
    (values.DOCUMENT, "", "replaced"), (values.UNREAD, " of none", "accepted"),
])  # fmt: skip
def test_a_document_opens(sealed_file: SealedFile, cipher: Keyring, document: Any, variant: str, status: str) -> None:
    if document.reading.lines and b"corners" not in sealed_file.plain["documents.reading"]:
        # before schema 0011 a reading did not say where its lines are
        document = replace(document, reading=replace(document.reading, page=1, lines=()))
    if b"chip" not in sealed_file.plain["documents.facts"]:
        document = replace(document, chip=None, chip_evidence=None)  # before schema 0016 nobody sent any
    if document.reading.seal and b"seal" not in sealed_file.plain["documents.reading"]:
        document = replace(document, reading=replace(document.reading, seal=""))  # nor looked for seals
    row = (
        document.id,
        document.company_id,
        document.client_id,
        "passport",
        status,
        sealed_file.sealed[f"documents.facts{variant}"],
        values.AT_MS,
        sealed_file.sealed[f"documents.reading{variant}"],
    )
    assert document_of(client_box(cipher, values.client(sealed_file.data_keys["client"])), row) == document


def test_a_message_and_its_tries_open(sealed_file: SealedFile, cipher: Keyring) -> None:
    box, wanted = company_box(cipher, values.company(sealed_file.data_keys["company"])), values.MESSAGE
    row = (
        wanted.company_id,
        wanted.id,
        "enquiry",
        wanted.client_id,
        wanted.enablement_id,
        2,
        wanted.due_at_ms,
        0,
        sealed_file.sealed["messages.body"],
        "enquiry/",
    )
    assert message_of(box, row) == wanted
    attempt = (values.ATTEMPT_ID, values.AT_MS, 12, 500, "", sealed_file.sealed["attempts.answer"])
    assert attempt_of(box, attempt, wanted.id) == values.ATTEMPT


def test_what_rows_are_found_by_is_as_it_was(sealed_file: SealedFile, cipher: Keyring) -> None:
    marks = {name: mark.hex() for name, mark in make_sealed.marks(cipher).items()}
    assert marks.items() >= sealed_file.marks.items()


# ---- of this version ----


def test_what_is_sealed_is_byte_for_byte_as_it_was(cipher: Keyring) -> None:
    """A version before this one runs beside it. Attributes that are new are the one reason to keep a newer file."""
    assert make_sealed.plain_values(cipher, NEWEST.data_keys) == NEWEST.plain


def test_every_name_that_is_stored_is_on_the_list() -> None:
    """A name that is gone, or another now, loses what is stored under it. Only new ones do no harm, with a default."""
    assert names().splitlines() == NAMES.read_text().splitlines()


def test_kept_values_have_every_attribute_other_than_by_default() -> None:
    """Else one that no form has would not be missed."""
    clients_own = (values.client(b"1"), values.DOCUMENT, values.REMARK, values.HIT)
    met = differing(values.company(b"1"), *clients_own, values.OPERATOR, values.SESSION, values.PASSKEY)
    kinds = (*PAIRS.values(), Company, Client, Document, Remark, Hit, Operator, Link, Passkey, SignInSource)
    unmet = {(kind.__name__, field.name) for kind in kinds for field in fields(kind) if field.name not in met[kind]}
    assert unmet == {("SignInSource", "earlier_token")}, "which is a secret that is never kept"


def test_every_value_is_named_as_its_form_so_that_it_is_opened_straight() -> None:
    """What is not is opened through its form, which takes longer: measure it, and name it here."""
    assert [form.__name__ for form, value in PAIRS.items() if not is_alike(form, value, PAIRS)] == []


@pytest.mark.parametrize("column", ["companies.settings", "clients.details", "documents.facts", "documents.reading"])
@pytest.mark.parametrize("variant", ["", " of none"])
def test_a_form_and_what_is_opened_straight_say_the_same(column: str, variant: str) -> None:
    """Whatever `from_form` changes, what is opened straight would not have."""
    forms: dict[str, tuple[Any, Callable[[Any], object]]] = {
        "companies.settings": (companies.CompanySettings[companies.WebhookForm], companies.from_form),
        "clients.details": (
            clients.Details[clients.ProfileForm, RejectionForm, clients.ContradictionForm, clients.RiskOverrideForm],
            clients.from_form,
        ),
        "documents.facts": (documents.Facts[documents.SideForm, documents.ChipSentForm], documents.from_form),
        "documents.reading": (
            readings.Read[readings.ReadingForm, readings.JudgementForm, readings.EvidenceForm],
            readings.from_form,
        ),
    }
    plain = NEWEST.plain.get(column + variant, NEWEST.plain[column])
    form, build = forms[column]
    assert build(msgspec.msgpack.decode(plain, type=form)) == OPENED[column](plain)


# ---- newer forms ----


@pytest.mark.parametrize("column", OPENED)
def test_a_newer_form_is_refused_and_never_misread(column: str) -> None:
    plain = msgspec.msgpack.decode(NEWEST.plain[column])
    for newer in ({**plain, "form": FORM + 1}, {"form": FORM + 1}, {**dict.fromkeys(plain, 7), "form": FORM + 1}):
        with pytest.raises(StoredByNewer, match=f"form {FORM + 1}, .* this one knows {FORM}"):
            OPENED[column](PACK(newer))
    assert OPENED[column](PACK({**plain, "form": FORM}))


@pytest.mark.parametrize("column", OPENED)
@pytest.mark.parametrize("damaged", [{}, {"form": "two"}, {"form": FORM}])
def test_what_is_no_form_at_all_is_no_newer_one(column: str, damaged: dict[str, object]) -> None:
    with pytest.raises(msgspec.ValidationError):
        OPENED[column](PACK(damaged))


# ---- values that are named otherwise than their form ----


@dataclass(frozen=True, slots=True)
class Renamed:
    """A rejection after somebody found better names."""

    about: str
    key: str
    reason_code: str


class OldName(msgspec.Struct):
    """As it is stored."""

    kind: str
    key: str
    code: str


class Holder(msgspec.Struct):
    """A value, or its form."""

    held: Any
    form: int | msgspec.UnsetType = msgspec.UNSET


class OldHolder(msgspec.Struct):
    """With its form."""

    held: OldName
    form: int | msgspec.UnsetType = msgspec.UNSET


def test_a_renamed_value_opens_through_its_form() -> None:
    def build(form: OldHolder) -> Holder:
        return Holder(Renamed(form.held.kind, form.held.key, form.held.code))

    opened = straight(OldHolder, Holder, {OldName: Renamed}, build)
    stored = {"held": {"kind": "document", "key": "passport", "code": "other"}}
    assert opened(PACK(stored)) == Holder(Renamed("document", "passport", "other"))
    with pytest.raises(StoredByNewer):
        opened(PACK({**stored, "form": FORM + 1}))


TRAITS = ("sharpness", "glare", "white")
MAYBE = float | None


@pytest.mark.parametrize(("form", "value", "is_same"), [
    (readings.SeenForm, PictureQuality, True),
    (readings.SeenForm, make_dataclass("S", [(name, MAYBE, None) for name in (*TRAITS, "text_height_px")]), True),
    (readings.SeenForm, make_dataclass("S", [(name, MAYBE, None) for name in (*TRAITS, "height_px")]), False),
    (readings.SeenForm, make_dataclass("S", [(name, MAYBE, None) for name in TRAITS]), False),
    (readings.SeenForm, make_dataclass("S", [(name, MAYBE, None) for name in (*TRAITS, "text_height_px", "x")]), False),
    (readings.SeenForm, make_dataclass("S", [(name, MAYBE, 0.0) for name in (*TRAITS, "text_height_px")]), False),
    (readings.SeenForm, make_dataclass("S", [(name, float, None) for name in (*TRAITS, "text_height_px")]), False),
    (readings.SeenForm, make_dataclass("S", [(name, MAYBE) for name in (*TRAITS, "text_height_px")]), False),
    (readings.ReadingForm, Reading, True),
    (clients.AddressForm, Address, True),
    (clients.AddressForm, Rejection, False),
    (clients.ProfileForm, Address, False),
])  # fmt: skip
def test_a_value_is_like_its_form_only_with_the_same_names_types_and_defaults(
    form: type, value: type, is_same: bool
) -> None:
    assert is_alike(form, value, PAIRS) is is_same


def test_a_form_that_nobody_paired_is_not_alike() -> None:
    assert not is_alike(readings.ReadingForm, Reading, {})
    other = make_dataclass(
        "Other", [(attribute.name, attribute.type, field(default_factory=dict)) for attribute in fields(PictureQuality)]
    )
    assert not is_alike(readings.SeenForm, other, PAIRS)


def test_keys_of_the_kept_values_are_the_ones_that_everybody_knows() -> None:
    assert isinstance(make_sealed.keyring(), Keyring)
    assert {path.stem for path in SEALED_FILES} >= {"0007"}


def test_a_sentence_of_ours_is_kept_as_its_words_and_nothing_that_is_no_plain_value() -> None:
    words = sentence("due on %(day)s", day="2027-04-15")
    assert msgspec.msgpack.decode(encode({"why": words})) == {"why": "due on 2027-04-15"}
    with pytest.raises(TypeError, match="object is not kept"):
        encode({"why": object()})
