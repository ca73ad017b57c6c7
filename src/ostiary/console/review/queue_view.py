"""A queue as somebody filtered it: in the address of the queue, and carried along in those of cases opened from it, so
that one comes back to it, and goes from case to case within it.

Only names that a queue has are carried, and an address is always built from them: nothing leads out of the console.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from ostiary.console.request import ConsoleRequest
from ostiary.domain.errors import ValidationFailed
from ostiary.domain.review.waiting import Holding, QueueFilters, QueuePlace
from ostiary.domain.sentences import sentence
from ostiary.html.fields import Fields, read_fields

QUEUE = "/console/queue"
NAMES = ("company", "product", "kind", "reason", "risk", "country", "holding")
CARRIED, PLACE = "view", "at"
"""What a case's address and forms call the view, and where in it the case stands."""


@dataclass(frozen=True, slots=True)
class QueueView:
    """What is asked for, by the names of an address; empty texts: everything."""

    asked: Mapping[str, str]

    @property
    def text(self) -> str:
        """As it is carried."""
        return urlencode({name: value for name, value in self.asked.items() if value})

    def filters(self) -> QueueFilters:
        """Raises ValidationFailed."""
        if self.asked["holding"] not in set(Holding):
            possible = ", ".join(each for each in Holding if each)
            raise ValidationFailed(
                sentence("%(field)s must be one of: %(possible)s", field="holding", possible=possible)
            )
        return QueueFilters(
            company_id=self.asked["company"],
            product=self.asked["product"],
            kind=self.asked["kind"],
            reason=self.asked["reason"],
            risk=self.asked["risk"],
            holding=Holding(self.asked["holding"]),
            country=self.asked["country"],
        )

    def queue(self, after: QueuePlace | None = None) -> str:
        """The address of the queue, from its beginning or behind a place."""
        return _address(QUEUE, {**self.asked, "after": "" if after is None else after.text()})

    def with_holding(self, holding: Holding) -> QueueView:
        """The same for other claims."""
        return QueueView({**self.asked, "holding": holding.value})

    def case(self, company_id: str, enablement_id: str) -> str:
        """The address of a case in this view."""
        return _address(f"/console/companies/{company_id}/requests/{enablement_id}", {CARRIED: self.text})

    def step(self, word: str, place: QueuePlace) -> str:
        """The address that leads to the case before or behind a place."""
        return _address(f"{QUEUE}/{word}", {CARRIED: self.text, PLACE: place.text()})


def asked_view(fields: Fields) -> QueueView:
    """The view that the queue's own address asks for."""
    return QueueView({name: fields.text(name) for name in NAMES})


def carried_view(request: ConsoleRequest) -> QueueView:
    """The view that a case was opened from; everything where none is carried. Raises InvalidRequest."""
    return asked_view(read_fields(_carried(request, CARRIED).encode()))


def carried_place(request: ConsoleRequest) -> str:
    """Where in the view the case stood, as text."""
    return _carried(request, PLACE)


def _carried(request: ConsoleRequest, name: str) -> str:
    return request.form.text(name) or request.query.text(name)


def _address(path: str, values: Mapping[str, str]) -> str:
    query = urlencode({name: value for name, value in values.items() if value})
    return f"{path}?{query}" if query else path
