"""What `ostiary review show` shows of the past: earlier values, contradictions, other clients, and operators' notes."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.domain.clients.contradictions import Contradiction
from ostiary.domain.review.remarks import Remark
from ostiary.domain.times import format_timestamp
from ostiary.domain.verification.identity import given_now
from ostiary.usecases.review.decide import ReviewDetails
from ostiary.wire.review import changes


def history_lines(details: ReviewDetails) -> Iterator[str]:
    """The same on a screen; nothing where there was nothing."""
    if changed := changes(details):
        yield "\nchanged"
        yield from (
            f"  {change['at']}  {change['field']}: was {change['was'] or '-'}, is {change['is'] or '-'}"
            for change in changed
        )
    if details.dossier.client.contradictions:
        yield "\ncontradicted before, and not decided by a person"
        yield from (
            _contradiction_line(details, contradiction) for contradiction in details.dossier.client.contradictions
        )
    if details.shared or details.alike:
        yield "\nother clients"
        yield from (
            f"  the number of {number.document_id} {_of_another(number.holds)} {number.client_id}"
            for number in details.shared
        )
        yield from (
            f"  a picture of {document_id} resembles one of client {other}" for document_id, other in details.alike
        )
    if details.remarks:
        yield "\nnotes of operators"
        yield from (
            f"  {format_timestamp(remark.at_ms)}  {remark.actor}, {_decision(remark)}: {indented(remark.text)}"
            for remark in details.remarks
        )


def indented(text: str) -> str:
    """What has lines, so that none of them looks like one of ours."""
    return text.replace("\n", "\n      | ")


def _decision(remark: Remark) -> str:
    return f"{remark.action} {remark.subject}".rstrip()


def _of_another(holds: bool) -> str:
    return "is held by client" if holds else "spoke against client"


def _contradiction_line(details: ReviewDetails, contradiction: Contradiction) -> str:
    read = f", read {contradiction.read}" if contradiction.read else ""
    now = given_now(details.dossier.client.profile, contradiction.aspect)
    other = f", of client {contradiction.other_client_id}" if contradiction.other_client_id else ""
    at, now_given = format_timestamp(contradiction.at_ms), f", now {now}" if now else ""
    return f"  {at}  {contradiction.aspect}: given {contradiction.given}{read}{other}{now_given}"
