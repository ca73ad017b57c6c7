"""Every name and word that is stored, as lines: `python -m tests.storage.stored_names` writes them out.

`clients.details: profile.address.city: str` is a name within what is sealed; a default stands behind it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import Enum
from typing import Any

import msgspec

from ostiary.adapters.crypto.checkpoint_file import CheckpointFile
from ostiary.adapters.providers.links import TicketForm
from ostiary.domain.catalogue.renewal_rules import AtDeadline
from ostiary.domain.catalogue.risk_classes import RiskClass
from ostiary.domain.clients.client import ClientStatus
from ostiary.domain.companies.company import Environment
from ostiary.domain.delivery.messages import MessageOutcome, Topic, enquiry, probe_event, status_changed, submitted
from ostiary.domain.delivery.queues import Lane
from ostiary.domain.delivery.renewal_events import RenewalEvent, RenewalNews, renewal_event
from ostiary.domain.documents.document import DocumentStatus
from ostiary.domain.hosted.events import HostedEvent, onboarding_event
from ostiary.domain.hosted.links import LinkStatus
from ostiary.domain.imports.bulk import ImportState, RowState
from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.onboarding.review_reasons import ReviewReason
from ostiary.domain.privacy.erasure import Cause, ErasureState
from ostiary.domain.rejections import Code, Kind, reject
from ostiary.domain.renewals.deadlines import DeadlineState, RenewalReason
from ostiary.domain.screening.hits import HitState
from ostiary.storage.backup.write import Manifest
from ostiary.storage.imports import stored as imports
from ostiary.storage.stored import (
    approvals,
    chips,
    clients,
    companies,
    documents,
    hosted,
    lifecycle,
    operators,
    readings,
    remarks,
    screening,
    terms,
)
from ostiary.storage.stored.privacy import erasures
from ostiary.storage.stored.rejections import RejectionForm
from tests.kept import values
from tests.kept.deadline import DEADLINE
from tests.material import NOW_MS, enablement

FORMS: dict[str, Any] = {
    "companies.settings": companies.CompanySettings[companies.WebhookForm],
    "clients.details": clients.Details[
        clients.ProfileForm, RejectionForm, clients.ContradictionForm, clients.RiskOverrideForm
    ],
    "past_profiles.profile": clients.PastProfileForm,
    "remarks.content": remarks.RemarkForm,
    "approvals.content": approvals.ApprovalForm,
    "erasures.content": erasures.ErasureForm,
    "holds.content": erasures.HoldForm,
    "deadlines.content": lifecycle.DeadlineForm,
    "documents.facts": documents.Facts[documents.SideForm, documents.ChipSentForm],
    "documents.reading": readings.Read[readings.ReadingForm, readings.JudgementForm, readings.EvidenceForm],
    "document_chips.content": chips.ChipForm,
    "imports.form": imports.ImportFormForm,
    "import_rows.content": imports.ImportRowForm,
    "import_keys.content": imports.ImportKeyForm,
    "clients.terms": terms.AcceptedTermsForm,
    "terms_acceptances.content": terms.AcceptanceForm,
    "screening_hits.evidence": screening.HitForm,
    "onboarding_links.content": hosted.WishForm,
    "company_brands.brand": hosted.BrandForm,
    "operators.content": operators.OperatorForm,
    "operator_passkeys.content": operators.PasskeyForm,
    "operator_sessions.content": operators.SourceForm,
    "backup manifest.json": Manifest,
    "checkpoint": CheckpointFile,
    "token of a provider's link": TicketForm,
}
WORDS: dict[str, type[Enum]] = {
    "companies.environment": Environment,
    "clients.status": ClientStatus,
    "enablements.status": Status,
    "enablements.review_kind": Review,
    "documents.status": DocumentStatus,
    "deadlines.state": DeadlineState,
    "deadlines.content reasons": RenewalReason,
    "deadlines.content risk": RiskClass,
    "onboarding_links.status": LinkStatus,
    "erasures.state": ErasureState,
    "erasures.content cause": Cause,
    "imports.state": ImportState,
    "import_rows.state": RowState,
    "messages.topic": Topic,
    "messages.state": MessageOutcome,
    "queues.lane": Lane,
    "screening_hits.state": HitState,
    "enablements.review_reasons": ReviewReason,
}


def names() -> str:
    """All of them, a line each."""
    lines = [line for column, form in FORMS.items() for line in _within(column, "", msgspec.inspect.type_info(form))]
    lines += [f"{column}: {' | '.join(str(word.value) for word in words)}" for column, words in WORDS.items()]
    lines += [f"messages.body {name}: {path}" for name, body in bodies().items() for path in _paths(body, "")]
    return "\n".join(lines) + "\n"


def bodies() -> dict[str, dict[str, object]]:
    """Of each message, as it is stored until it is sent."""
    rejected = enablement(Status.REJECTED, rejection_description="No.")
    rejection = reject(Kind.DOCUMENT, "passport", Code.OTHER, "image_front")
    to_provider = submitted("1", rejected, NOW_MS)
    changed = status_changed("1", Status.IN_KYC, rejected, (rejection,), NOW_MS, with_sequence=True)
    news = RenewalNews(
        event=RenewalEvent.RETURNED,
        renewal=DEADLINE,
        at_deadline=AtDeadline.OFFBOARD,
        now_ms=NOW_MS,
        rejections=(rejection,),
    )
    return {
        "to a provider": to_provider.body,
        "to a silent provider": enquiry("2", to_provider, "theirs", NOW_MS).body,
        "to a company": changed.body,
        "of a client on the page": onboarding_event("4", values.LINK, HostedEvent.STEP_COMPLETED, NOW_MS, "data").body,
        "of a renewal": renewal_event("5", rejected, news, NOW_MS).body,
        "to a provider for a renewal": submitted("6", rejected, NOW_MS, renewal=1).body,
        "to try an endpoint": probe_event("3", "company", NOW_MS).body,
    }


def _paths(value: object, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _paths(inner, f"{path}.{name}".lstrip("."))
    elif isinstance(value, list):
        yield from _paths(value[0], f"{path}[]")
    else:
        yield path


def _within(column: str, path: str, kind: Any) -> Iterator[str]:
    match kind:
        case msgspec.inspect.StructType():
            for number, field in enumerate(kind.fields):
                name = f"[{number}]" if kind.array_like else field.encode_name
                yield from _named(column, f"{path}.{name}".lstrip("."), field)
        case msgspec.inspect.UnionType():
            for each in kind.types:
                yield from _within(column, path, each)
        case msgspec.inspect.VarTupleType() | msgspec.inspect.ListType():
            yield from _within(column, f"{path}[]", kind.item_type)


def _named(column: str, path: str, field: Any) -> Iterator[str]:
    default = ""
    if not field.required:
        default = " (absent)" if field.default is msgspec.NODEFAULT else f" = {field.default!r}"
        if field.default_factory is not msgspec.NODEFAULT:
            default = f" = {msgspec.to_builtins(field.default_factory())!r}"
    yield f"{column}: {path}: {_shown(field.type)}{default}"
    yield from _within(column, path, field.type)


def _shown(kind: Any) -> str:
    """A type in words that do not name a class."""
    match kind:
        case msgspec.inspect.UnionType():
            return " | ".join(_shown(each) for each in kind.types)
        case msgspec.inspect.VarTupleType() | msgspec.inspect.ListType():
            return f"[{_shown(kind.item_type)}]"
        case msgspec.inspect.TupleType():
            return f"({', '.join(_shown(each) for each in kind.item_types)})"
        case msgspec.inspect.DictType():
            return f"{{{_shown(kind.key_type)}: {_shown(kind.value_type)}}}"
        case msgspec.inspect.EnumType():
            return " | ".join(repr(word.value) for word in kind.cls)
        case _:
            return type(kind).__name__.removesuffix("Type").lower().replace("struct", "{}")


if __name__ == "__main__":
    sys.stdout.write(names())
