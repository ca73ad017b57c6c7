"""What is sealed of acceptances of terms: each by itself, and in short what a client accepted."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ostiary.domain.clients.accepted_terms import AcceptedTerms
from ostiary.domain.terms.acceptance import Acceptance, Acceptor, ActingAs, Channel
from ostiary.storage.stored.forms import Numbered, encode, opening, through


class AcceptanceForm(Numbered, gc=False):
    """The column `terms_acceptances.content`."""

    terms_id: str
    name: str
    version: str
    language: str
    sha256: str
    accepted_by: str
    capacity: ActingAs
    accepted_at_ms: int
    channel: Channel
    ip_address: str = ""
    user_agent: str = ""


class AcceptedForm(msgspec.Struct, gc=False):
    """Of one of the terms that a client accepted."""

    terms_id: str
    version: str
    sha256: str
    acceptance_id: str
    at_ms: int
    covers: tuple[str, ...] = ()


class AcceptedTermsForm(Numbered, gc=False):
    """The column `clients.terms`."""

    accepted: tuple[AcceptedForm, ...]


def acceptance_form(acceptance: Acceptance) -> bytes:
    given = acceptance.circumstances
    return encode(
        AcceptanceForm(
            terms_id=acceptance.terms_id,
            name=acceptance.name,
            version=acceptance.version,
            language=acceptance.language,
            sha256=acceptance.sha256,
            accepted_by=given.name,
            capacity=given.capacity,
            accepted_at_ms=given.accepted_at_ms,
            channel=given.channel,
            ip_address=given.ip_address,
            user_agent=given.user_agent,
        )
    )


def acceptance_from(acceptance_id: str, recorded_at_ms: int, content: bytes) -> Acceptance:
    """The acceptance of a row, whose content is opened."""
    form = _open_acceptance(content)
    return Acceptance(
        id=acceptance_id,
        terms_id=form.terms_id,
        name=form.name,
        version=form.version,
        language=form.language,
        sha256=form.sha256,
        circumstances=Acceptor(
            name=form.accepted_by,
            capacity=form.capacity,
            accepted_at_ms=form.accepted_at_ms,
            channel=form.channel,
            ip_address=form.ip_address,
            user_agent=form.user_agent,
        ),
        recorded_at_ms=recorded_at_ms,
    )


def accepted_form(accepted: Sequence[AcceptedTerms]) -> bytes:
    return encode(
        AcceptedTermsForm(
            accepted=tuple(
                AcceptedForm(
                    terms_id=each.terms_id,
                    version=each.version,
                    sha256=each.sha256,
                    acceptance_id=each.acceptance_id,
                    at_ms=each.at_ms,
                    covers=each.covers,
                )
                for each in accepted
            )
        )
    )


def _accepted_from(form: AcceptedTermsForm) -> tuple[AcceptedTerms, ...]:
    return tuple(
        AcceptedTerms(
            terms_id=each.terms_id,
            version=each.version,
            sha256=each.sha256,
            acceptance_id=each.acceptance_id,
            at_ms=each.at_ms,
            covers=each.covers,
        )
        for each in form.accepted
    )


_open_acceptance = opening(AcceptanceForm)
open_accepted = through(AcceptedTermsForm, _accepted_from)
