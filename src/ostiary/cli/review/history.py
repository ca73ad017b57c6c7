"""What `ostiary review show` shows of the past: earlier values, contradictions, other clients, and operators' notes."""

from __future__ import annotations

from collections.abc import Iterator

from ostiary.cli.review.shapes import profile_shape
from ostiary.domain.clients.client import Profile
from ostiary.domain.clients.contradictions import Contradiction
from ostiary.domain.review.remarks import Remark
from ostiary.domain.times import format_timestamp
from ostiary.domain.verification.identity import given_now
from ostiary.usecases.review.decide import ReviewDetails

Change = dict[str, object]


def changes(details: ReviewDetails) -> list[Change]:
    """What a client's details were and what they became, newest first; `was` or `is` None: absent."""
    client, changed = details.dossier.client, list[Change]()
    after = _flat(client.profile)
    for past in reversed(details.past):
        before = _flat(past.profile)
        changed += [
            {"at": format_timestamp(past.until_ms), "field": name, "was": before.get(name), "is": after.get(name)}
            for name in dict.fromkeys((*before, *after))
            if before.get(name) != after.get(name)
        ]
        after = before
    return changed


def contradiction_json(contradiction: Contradiction) -> Change:
    """What the client gave at the time, and what contradicted it."""
    return {
        "at": format_timestamp(contradiction.at_ms),
        "about": contradiction.aspect,
        "given": contradiction.given,
        "read": contradiction.read or None,
        "document_id": contradiction.document_id or None,
        "other_client_id": contradiction.other_client_id or None,
    }


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
            f"  {format_timestamp(remark.at_ms)}  {remark.actor}, {_decision(remark)}: {remark.text}"
            for remark in details.remarks
        )


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


def _flat(profile: Profile) -> dict[str, object]:
    """A profile with its address and attributes beside its own fields, without what is absent."""
    fields = profile_shape(profile)
    address, attributes = fields.pop("address"), fields.pop("attributes")
    whole = {**fields, **{f"address.{name}": value for name, value in address.items()}, **attributes}
    return {name: value for name, value in whole.items() if value is not None}
