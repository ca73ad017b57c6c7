"""Which screens a client sees on the page: computed from what the requests of a link still ask for, never stored.

Every state ends somewhere: at a step that the client can do, at the last one, which submits, or at an end with whose
turn it is. So nobody is asked again for what was taken, and nobody stands before a page with nothing to do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum

from ostiary.domain.catalogue.catalogue import DataField, DocumentRequirement, DocumentType, Product
from ostiary.domain.catalogue.terms import TermsVersion
from ostiary.domain.onboarding.enablement import OPEN_TO_DOCUMENTS, Enablement, Review, Status
from ostiary.domain.onboarding.own_groups import CONFIRMATION, MINIMUM_AGE, NEEDED, TERMS, UNDECIDED
from ostiary.domain.onboarding.requirements import Assessment, MissingData
from ostiary.domain.rejections import Code, Kind, Rejection
from ostiary.domain.renewals.deadlines import Deadline
from ostiary.domain.value import value_type


@value_type
class LinkRequest:
    """One request of a link, as it stands. `number` is its place among them, from 1: addresses name it so, and no id
    of ours. `renewal` is what is open of one that is enabled."""

    number: int
    enablement: Enablement
    product: Product
    assessment: Assessment
    may_request_again: bool = True
    renewal: Deadline | None = None

    @property
    def is_open(self) -> bool:
        if self.renewal is not None:
            return not self.renewal.is_submitted
        return self.enablement.status in OPEN_TO_DOCUMENTS

    @property
    def is_waiting(self) -> bool:
        """Whether somebody else looks at it now."""
        return self.enablement.status is Status.IN_KYC or (self.renewal is not None and self.renewal.is_submitted)

    @property
    def is_ready(self) -> bool:
        """Whether the client can send it: what is left at most is to say that all of it is right."""
        groups = {group.id for group in self.assessment.data} - {CONFIRMATION}
        return self.is_open and not self.assessment.documents and not groups

    @property
    def too_young(self) -> Rejection | None:
        """Why the client cannot have the product yet, if that is his age."""
        if not self.is_open:
            return None
        return next((each for each in self.assessment.rejections if each.code is Code.UNDERAGE), None)


@value_type
class DocumentStep:
    """One of several documents is asked for. Without `alternatives` none of them is open to this client here: what has
    to come with its chip is for an app."""

    number: int
    requirement: DocumentRequirement
    alternatives: tuple[DocumentType, ...]
    problems: tuple[Rejection, ...] = ()
    is_looked_at: bool = False  # a person decides whose the number of the last one is

    @property
    def place(self) -> str:
        """What it is called in addresses."""
        return f"{self.number}-{self.requirement.id}"


@value_type
class DataStep:
    """Details of one group are asked for."""

    number: int
    group: str
    name: str
    description: str
    fields: tuple[DataField, ...]
    problems: tuple[Rejection, ...] = ()

    @property
    def place(self) -> str:
        """What it is called in addresses."""
        return f"{self.number}-{self.group}"


@value_type
class TermsStep:
    """One version of terms is to be accepted."""

    number: int
    terms: TermsVersion

    @property
    def name(self) -> str:
        """What it is called on pages."""
        return self.terms.name

    @property
    def place(self) -> str:
        """What it is called in addresses."""
        return f"{self.number}-{self.terms.id}"


Step = DocumentStep | DataStep | TermsStep


class PlanEnd(StrEnum):
    """Where a client is who has no step to do."""

    SUBMIT = "submit"
    """All is there: one look at it, and off it goes."""
    WAITING = "waiting"
    """Somebody else looks at it now."""
    ENABLED = "enabled"
    TOO_YOUNG = "too_young"
    CLOSED = "closed"
    """None of the documents that are asked for can be given: only the company can help."""
    REJECTED = "rejected"


@value_type
class Plan:
    """All of it: what is to be done, in order, and where the client is when nothing is."""

    requests: tuple[LinkRequest, ...]
    steps: tuple[Step, ...]
    end: PlanEnd
    closed: tuple[DocumentStep, ...] = ()

    @property
    def next(self) -> Step | None:
        """The step to do now."""
        return self.steps[0] if self.steps else None

    @property
    def to_submit(self) -> tuple[LinkRequest, ...]:
        """The requests of which nothing is missing any more."""
        return tuple(each for each in self.requests if each.is_ready)

    @property
    def is_finished(self) -> bool:
        """Whether nothing of the link is left for the client to do."""
        return not any(each.is_open for each in self.requests)


_ASKED_APART = (NEEDED, UNDECIDED, MINIMUM_AGE, CONFIRMATION, TERMS)
"""Groups that are no step of data: asked first or last, told at the end, or said with the button that sends all."""


def plan_of(requests: Sequence[LinkRequest]) -> Plan:
    """The plan of a link's requests. What two of them ask for alike is asked once."""
    asking = [each for each in requests if each.is_open and each.too_young is None]
    every = tuple(_once(step for request in asking for step in _steps(request)))
    closed = tuple(step for step in every if isinstance(step, DocumentStep) and not step.alternatives)
    steps = tuple(step for step in every if step not in closed)
    return Plan(tuple(requests), (*steps, *_terms_steps(asking)), _end(requests), closed)


def _terms_steps(asking: Sequence[LinkRequest]) -> tuple[TermsStep, ...]:
    """Last, when it is clear what they are for. Of two versions of the same terms the later request's comes first: who
    accepts that has often accepted the earlier one with it, and is asked anew only if not."""
    steps: dict[str, TermsStep] = {}
    for request in asking:
        for terms in request.assessment.terms:
            before = steps.get(terms.id)
            if before is None or before.terms != terms:
                steps[terms.id] = TermsStep(request.number, terms)
    return tuple(steps.values())


def _steps(request: LinkRequest) -> Iterator[DocumentStep | DataStep]:
    """First what decides about the rest, then pictures, which may fill in forms, then the forms."""
    first = [group for group in request.assessment.data if group.id == UNDECIDED]
    then = [group for group in request.assessment.data if group.id not in _ASKED_APART]
    yield from (_data_step(request, group) for group in first)
    for missing in request.assessment.documents:
        types = {each.document_type.id for each in missing.requirement.alternatives}
        yield DocumentStep(
            number=request.number,
            requirement=missing.requirement,
            alternatives=tuple(kind for kind in missing.alternatives if not kind.chip.is_demanded),
            problems=tuple(
                each for each in request.assessment.rejections if each.kind is Kind.DOCUMENT and each.key in types
            ),
            is_looked_at=request.enablement.review is Review.CLASH,
        )
    yield from (_data_step(request, group) for group in then)


def _data_step(request: LinkRequest, group: MissingData) -> DataStep:
    keys = {each.key for each in group.fields}
    return DataStep(
        number=request.number,
        group=group.id,
        name=group.name,
        description=group.description,
        fields=group.fields,
        problems=tuple(each for each in request.assessment.rejections if each.kind is Kind.DATA and each.key in keys),
    )


def _once(steps: Iterator[DocumentStep | DataStep]) -> Iterator[DocumentStep | DataStep]:
    """A document that would serve an earlier step, and details that an earlier one asks for, are not asked again: what
    is still missing after those is asked then."""
    types, keys = set[str](), set[str]()
    for step in steps:
        if isinstance(step, DocumentStep):
            own = {each.id for each in step.alternatives}
            if not own or not own <= types:
                yield step
            types |= own
            continue
        fields = tuple(each for each in step.fields if each.key not in keys)
        keys.update(each.key for each in fields)
        if fields:
            yield DataStep(
                number=step.number,
                group=step.group,
                name=step.name,
                description=step.description,
                fields=fields,
                problems=step.problems,
            )


def place_parts(place: str) -> tuple[int, str]:
    """A step's place (`1-identity_document`) as the request's number, 0 for what is none, and the rest."""
    number, _, name = place.partition("-")
    return int(number) if number.isascii() and number.isdigit() and len(number) < 4 else 0, name


def _end(requests: Sequence[LinkRequest]) -> PlanEnd:
    """Of those that hold, the first."""
    statuses = {each.enablement.status for each in requests}
    is_open = [each for each in requests if each.is_open]
    if any(each.is_ready for each in is_open):
        return PlanEnd.SUBMIT
    if any(each.is_waiting for each in requests):
        return PlanEnd.WAITING
    if is_open:
        return PlanEnd.CLOSED if any(each.too_young is None for each in is_open) else PlanEnd.TOO_YOUNG
    return PlanEnd.ENABLED if Status.ENABLED in statuses else PlanEnd.REJECTED
