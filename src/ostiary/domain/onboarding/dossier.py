"""Everything about one client that decisions look at, read at one moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date

from ostiary.domain.catalogue.catalogue import Catalogue, DocumentRequirement, Product
from ostiary.domain.catalogue.in_force import counting_on, ever_counting, starting
from ostiary.domain.catalogue.risk_classes import ListState
from ostiary.domain.clients.client import Client, ClientStatus, condition_values
from ostiary.domain.documents.document import Document, DocumentStatus
from ostiary.domain.errors import NotFound
from ostiary.domain.ids import time_ms
from ostiary.domain.onboarding.asked_terms import binding_days, with_terms
from ostiary.domain.onboarding.enablement import OPEN_TO_DOCUMENTS, Enablement, Status
from ostiary.domain.onboarding.own_groups import CONFIRMATION, CORRECTIONS, NEEDED, OWN_GROUPS
from ostiary.domain.onboarding.requirements import (
    Assessment,
    AssessmentInput,
    Explained,
    MissingData,
    MissingDocument,
    Waiting,
    applies,
    assess,
)
from ostiary.domain.renewals.deadlines import Deadline
from ostiary.domain.sentences import N_
from ostiary.domain.times import day_of
from ostiary.domain.value import replace, value_type

MOST_REQUESTS = 500
"""Requests of one client are read together, and a client with more than a few is a loop in somebody's code."""


@value_type
class FutureRequirements:
    """What a request will miss from a day on, if nothing is given before."""

    starts_on: date
    documents: tuple[MissingDocument, ...] = ()
    data: tuple[MissingData, ...] = ()


@value_type
class Dossier:
    """A client with its enablements and documents (all but replaced ones). `deadlines` are those of enabled requests,
    where they were asked for, and `list_state` is what lists say of the client, where rules of risk read that."""

    client: Client
    enablements: tuple[Enablement, ...] = ()
    documents: tuple[Document, ...] = ()
    deadlines: tuple[Deadline, ...] = ()
    list_state: ListState = ListState.CLEAR

    def enablement(self, enablement_id: str) -> Enablement:
        """Raises NotFound for an id that is not one of this client's."""
        for candidate in self.enablements:
            if candidate.id == enablement_id:
                return candidate
        raise NotFound(N_("There is no such product request for this client."))

    def with_requests(self, changed: Iterable[Enablement]) -> Dossier:
        """As it is once requests are as they shall be; new ones come behind."""
        by_id = {each.id: each for each in (*self.enablements, *changed)}
        return replace(self, enablements=tuple(by_id.values()))

    def live(self, product: str) -> Enablement | None:
        """The one live request for a product."""
        for enablement in self.enablements:  # for every request that is shown: a generator would take twice as long
            if enablement.product == product and enablement.is_live:
                return enablement
        return None

    def deadline_of(self, enablement: Enablement) -> Deadline | None:
        """When an enabled request is due again, if it is at all."""
        if enablement.status is not Status.ENABLED:
            return None
        return next((each for each in self.deadlines if each.enablement_id == enablement.id), None)

    def renewal_of(self, enablement: Enablement) -> Deadline | None:
        """The renewal of an enabled request, where one is open or submitted."""
        deadline = self.deadline_of(enablement)
        return deadline if deadline is not None and deadline.is_open else None

    def above(self, product: str, offered: Mapping[str, Product]) -> Enablement | None:
        """The enabled request for a higher level of a product's family, if there is one. `offered` are the products of
        the current catalogue."""
        enabled = (each for each in self.enablements if each.status is Status.ENABLED and each.product in offered)
        return next((each for each in enabled if offered[each.product].is_above(offered[product])), None)

    def may_request(self, product: str, offered: Mapping[str, Product]) -> bool:
        """Whether a new request for a product would be taken. `offered` are the products of the current catalogue."""
        is_rejected = self.client.status is ClientStatus.REJECTED
        has_room = len(self.enablements) < MOST_REQUESTS
        if is_rejected or not has_room or product not in offered:
            return False
        return self.live(product) is None and self.above(product, offered) is None

    def product_of(self, enablement: Enablement, catalogues: Mapping[str, Catalogue]) -> Product:
        """The product as pinned when it was requested, with what counts for the request or will from a later day on."""
        product = catalogues[enablement.catalogue_version].products[enablement.product]
        return ever_counting(product, _requested_on(enablement)) if product.changes_on else product

    def assess(
        self, enablement: Enablement, catalogues: Mapping[str, Catalogue], today: date, valid_on: date | None = None
    ) -> Assessment:
        """What is still missing; nothing is asked once it is in review or ended. Of a renewal: what runs out by its
        deadline is missing already, and that somebody confirms the rest. `valid_on`: the day on which documents have to
        be valid, where that is another."""
        catalogue, renewal = catalogues[enablement.catalogue_version], self.renewal_of(enablement)
        product = catalogue.products[enablement.product]
        if product.changes_on:
            product = counting_on(product, today, _requested_on(enablement))
        at = AssessmentInput(
            product=product,
            declared=catalogue.attributes,
            client=self.client,
            documents=self.documents_under_review(enablement),
            today=today,
            valid_on=valid_on if renewal is None else max(today, renewal.valid_on),
        )
        assessment = with_terms(at, assess(at))
        if product.needs:
            assessment = self._with_needs(assessment, enablement, catalogues)
        if renewal is None or not renewal.needs_confirmation:
            return assessment
        confirmation = MissingData(CONFIRMATION, *OWN_GROUPS[CONFIRMATION], ())
        return replace(assessment, data=(*assessment.data, confirmation))

    def needed(self, enablement: Enablement, catalogues: Mapping[str, Catalogue]) -> tuple[str, ...]:
        """The products that a request's product needs, and that are not enabled, nor a higher level of theirs."""
        return tuple(need for need, serves in self._serving(enablement, catalogues) if serves is None)

    def _serving(
        self, enablement: Enablement, catalogues: Mapping[str, Catalogue]
    ) -> Iterator[tuple[str, Enablement | None]]:
        """Each product that is needed, with the enabled request that serves it: by the catalogue that the request is
        pinned to, as far as it knows what is enabled."""
        declared = catalogues[enablement.catalogue_version].products
        needs = declared[enablement.product].needs
        enabled = [
            (each, product)
            for each in (self.enablements if needs else ())
            if each.status is Status.ENABLED
            and (product := declared.get(each.product) or catalogues[each.catalogue_version].products.get(each.product))
        ]
        for need in needs:
            yield need, next((each for each, product in enabled if product.counts_as(declared[need])), None)

    def _with_needs(
        self, assessment: Assessment, enablement: Enablement, catalogues: Mapping[str, Catalogue]
    ) -> Assessment:
        """With a line for each product that is needed, and what is missing of them while that can be mended."""
        serving = tuple(self._serving(enablement, catalogues))
        lines = tuple(
            Explained(
                f"{NEEDED}.{need}",
                True,
                None,
                satisfied_by=f"{serves.product} {serves.id}" if serves else None,
                missing=() if serves else (need,),
            )
            for need, serves in serving
        )
        assessment = replace(assessment, explained=(*assessment.explained, *lines))
        needed = tuple(need for need, serves in serving if serves is None)
        if not needed or enablement.status not in OPEN_TO_DOCUMENTS:
            return assessment
        group = MissingData(NEEDED, *OWN_GROUPS[NEEDED], ())
        return replace(assessment, data=(*assessment.data, group), needed=needed)

    def out_of_reach(
        self,
        needed: Iterable[str],
        enablement: Enablement,
        offered: Collection[Product],
        catalogues: Mapping[str, Catalogue],
    ) -> tuple[str, ...]:
        """The needed products that the client can have no more: neither they nor a higher level are offered. One that
        was asked for while it was offered can still be enabled."""
        declared = catalogues[enablement.catalogue_version].products
        live = (catalogues[each.catalogue_version].products[each.product] for each in self.enablements if each.is_live)
        ways = (*offered, *live)
        return tuple(need for need in needed if not any(each.counts_as(declared[need]) for each in ways))

    def future(
        self, enablement: Enablement, catalogues: Mapping[str, Catalogue], today: date, after: date | None = None
    ) -> tuple[FutureRequirements, ...]:
        """What will be missing from days on that come `after` another (None: after today), soonest first, as things are
        today. Nothing that is still to come is asked for yet."""
        catalogue = catalogues[enablement.catalogue_version]
        product = catalogue.products[enablement.product]
        if not product.changes_on or enablement.status is Status.REJECTED:
            return ()
        days = []
        for day, part in starting(product, after or today, _requested_on(enablement)):
            at = self._as_things_are(part, catalogue, today)
            missing = with_terms(at, assess(at))
            data = tuple(group for group in missing.data if group.id != CORRECTIONS)  # those are asked for today
            if missing.documents or data:
                days.append(FutureRequirements(day, missing.documents, data))
        return tuple(days)

    def binding_on(self, enablement: Enablement, catalogues: Mapping[str, Catalogue], today: date) -> tuple[date, ...]:
        """The days, past or to come, from which terms bind a request that its client has not accepted."""
        catalogue = catalogues[enablement.catalogue_version]
        return binding_days(self._as_things_are(catalogue.products[enablement.product], catalogue, today))

    def _as_things_are(self, product: Product, catalogue: Catalogue, today: date) -> AssessmentInput:
        return AssessmentInput(
            product=product, declared=catalogue.attributes, client=self.client, documents=self.documents, today=today
        )

    def was_given_since(self, moment_ms: int) -> bool:
        """Whether documents or details came after a moment, by the company's time."""
        moments = (self.client.updated_at_ms, *(document.created_at_ms for document in self.documents))
        return max(moments) > moment_ms

    def documents_under_review(self, enablement: Enablement) -> tuple[Document, ...]:
        """The documents that count for a request: while it, or its renewal, is reviewed, those there were when it was
        submitted."""
        renewal = self.renewal_of(enablement)
        if renewal is not None and renewal.submitted_at_ms is not None and renewal.is_submitted:
            until_ms = renewal.submitted_at_ms  # by the machine's clock, as ids are
            return tuple(document for document in self.documents if time_ms(document.id) <= until_ms)
        if enablement.status is not Status.IN_KYC:
            return self.documents
        return tuple(document for document in self.documents if document.created_at_ms <= enablement.updated_at_ms)

    def is_closed(
        self, enablement: Enablement, document_type: str, catalogues: Mapping[str, Catalogue], today: date
    ) -> bool:
        """Whether a condition says that this client cannot use a type here, or it serves only from a later day on; an
        undecided condition does not say so yet."""
        declared = catalogues[enablement.catalogue_version].attributes
        values = condition_values(self.client.profile, declared, today)
        requirement = self.product_of(enablement, catalogues).requirement_for(document_type)
        meant = [
            alternative
            for alternative in (requirement.alternatives if requirement else ())
            if alternative.document_type.id == document_type
        ]
        if any(each.start is not None and not each.start.counts(today, _requested_on(enablement)) for each in meant):
            return True
        return any(applies(each.condition, values, Waiting()) is False for each in meant)

    def documents_replaced_by(
        self, document_type: str, requirement: DocumentRequirement, catalogues: Mapping[str, Catalogue]
    ) -> tuple[Document, ...]:
        """The documents that a newly accepted one replaces: those of the same requirement.

        One that another live request needs, and that the new type cannot serve there, stays; so does one that is
        being reviewed, since what is reviewed must not move.
        """
        return tuple(
            document
            for document in self.documents
            if document.status is not DocumentStatus.REPLACED
            and requirement.accepts(document.type)
            and not self._needed_elsewhere(document.type, document_type, catalogues)
        )

    def _needed_elsewhere(self, old: str, new: str, catalogues: Mapping[str, Catalogue]) -> bool:
        wanting = (
            self.product_of(enablement, catalogues).requirement_for(old)
            for enablement in self.enablements
            if enablement.is_live
        )
        return self._is_reviewed(old, catalogues) or any(
            requirement is not None and not requirement.accepts(new) for requirement in wanting
        )

    def _is_reviewed(self, document_type: str, catalogues: Mapping[str, Catalogue]) -> bool:
        reviewed = (enablement for enablement in self.enablements if self.is_reviewed(enablement))
        return any(self.product_of(enablement, catalogues).requirement_for(document_type) for enablement in reviewed)

    def is_reviewed(self, enablement: Enablement) -> bool:
        """Whether a provider or a person has the request, or its renewal: what it was submitted with must not move."""
        renewal = self.renewal_of(enablement)
        return enablement.status is Status.IN_KYC or (renewal is not None and renewal.is_submitted)


def _requested_on(enablement: Enablement) -> date:
    """The day of a request, in its company's time."""
    return day_of(enablement.created_at_ms)
