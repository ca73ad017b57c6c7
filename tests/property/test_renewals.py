"""Renewals over years of days, with random rules, documents and events: what holds whatever happens."""

from __future__ import annotations

import dataclasses
from collections import Counter
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ostiary.domain.catalogue.catalogue import Product
from ostiary.domain.catalogue.renewal_rules import CalendarPeriod, RenewalRules
from ostiary.domain.catalogue.risk_classes import RiskClass
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.onboarding.next_action import Owner, next_action
from ostiary.domain.renewals.calendar import days_after
from ostiary.domain.renewals.dates import dated, first_deadline, renewed, spread, with_class, with_rules
from ostiary.domain.renewals.deadlines import Circumstances, Deadline, RenewalReason
from ostiary.domain.renewals.steps import RenewalStep, confirmed, opened, sent_back, submitted, taken
from ostiary.domain.times import END_MS, day_of, day_starts_ms, iso_date
from ostiary.domain.value import replace
from tests import material
from tests.depth import deep
from tests.material import ACCOUNTS, CARDS, catalogue, document, enablement

DAYS = st.one_of(
    st.dates(date(2023, 1, 1), date(2029, 12, 31)),
    st.sampled_from([date(2024, 2, 29), date(2028, 2, 29), date(2026, 1, 31), date(2025, 12, 31)]),
)
PERIODS = st.one_of(
    st.builds(CalendarPeriod, st.integers(1, 60)),
    st.builds(CalendarPeriod, st.just(0), st.integers(1, 900)),
    st.just(CalendarPeriod(12, 1)),
)
RULES = st.builds(
    RenewalRules,
    st.one_of(st.just(()), st.tuples(*(st.tuples(st.just(risk), PERIODS) for risk in RiskClass))),
    st.booleans(),
    st.lists(st.integers(0, 120), min_size=1, max_size=5, unique=True).map(lambda days: tuple(sorted(days)[::-1])),
    grace_days=st.integers(0, 60),
)
EXPIRIES = st.none() | st.dates(date(2025, 1, 1), date(2032, 1, 1))
REASONS = st.lists(st.sampled_from(list(RenewalReason)), min_size=1, max_size=2)
EVENTS = st.lists(
    st.tuples(
        st.integers(0, 400),  # days that pass before it
        st.one_of(
            st.tuples(st.just("opened"), REASONS),
            st.tuples(st.just("class"), st.sampled_from(list(RiskClass))),
            st.tuples(st.just("rules"), RULES),
            st.tuples(st.just("document"), st.integers(-30, 900)),
            st.tuples(st.just("terms"), st.integers(-30, 200)),
            st.tuples(
                st.sampled_from(["confirmed", "submitted", "returned", "renewed", "asleep", "accepted"]), st.none()
            ),
        ),
    ),
    max_size=12,
)


class Life:
    """An enabled request through the days, as the worker and everybody else move it."""

    def __init__(self, rules: RenewalRules, today: date, expiries: tuple[date, ...], *, share: float | None) -> None:
        self.rules, self.today, self.expiries, self.risk = rules, today, expiries, RiskClass.STANDARD
        self.starts: tuple[date, ...] = ()
        fresh = first_deadline("company", "client", "request", "cards", self.here, reviewed_on=today)
        self.deadline: Deadline = fresh if share is None else spread(fresh, self.here, share)
        self.told: Counter[tuple[int, RenewalStep]] = Counter()
        self.renewal = 0

    @property
    def here(self) -> Circumstances:
        return Circumstances(self.rules, self.risk, self.expiries, self.today, self.starts)

    @property
    def now_ms(self) -> int:
        return day_starts_ms(self.today)

    def live(self, days: int) -> None:
        """Days pass; the worker comes whenever there is something to do, and takes one thing at a time."""
        end = days_after(self.today, days)
        while self.deadline.next_at_ms <= day_starts_ms(end):
            self.today = max(self.today, day_of(self.deadline.next_at_ms))
            self.work()
        self.today = end

    def work(self) -> None:
        while self.deadline.next_at_ms <= self.now_ms:
            before = self.deadline
            if not before.is_open:
                before = dated(before, self.here)
            self.deadline, step = taken(before, self.rules, self.now_ms)
            assert self.deadline != before or step is None, "whatever is due is done, and not looked at for ever"
            if step is not None:
                self.tell(before, step)

    def tell(self, before: Deadline, step: RenewalStep) -> None:
        if step is RenewalStep.OPENED:
            self.begin()
            counts = bool(self.starts) and min(self.starts) <= self.today
            is_near = (before.due_on - self.today).days <= self.rules.first_notice
            assert is_near or counts, "nothing opens before its day"
            if before.reasons == (RenewalReason.REQUIREMENT_IN_FORCE,):
                assert counts, "terms are asked for from their day on"
        if step is RenewalStep.DUE_SOON:
            given_now = [days for days in self.deadline.notices if days not in before.notices]
            assert given_now, "each notice is another"
            assert self.now_ms <= self.deadline.due_at_ms
        if step in (RenewalStep.OVERDUE, RenewalStep.ENDED):
            assert self.now_ms > before.due_at_ms, "nothing is late before its day"
        if step is RenewalStep.ENDED:
            assert self.now_ms > before.ends_at_ms, "nothing ends before its days of grace do"
            assert before.ends_at_ms >= before.due_at_ms
            assert before.is_overdue, "nor without a word"
        self.told[self.renewal, step] += 1

    def begin(self) -> None:
        self.renewal += 1
        self.told[self.renewal, RenewalStep.OPENED] = 0

    def answer(self, what: str) -> Deadline:
        """It goes to whoever judges it, or comes back."""
        match what, self.deadline.is_submitted:
            case "submitted", False:
                return submitted(self.deadline, self.now_ms)
            case "returned", True:
                back = sent_back(self.deadline, self.rules, self.now_ms)
                assert back.ends_at_ms >= day_starts_ms(days_after(self.today, self.rules.grace_days))
                return back
            case "renewed", True:
                return renewed(self.deadline, self.here)
        return self.deadline

    def bind(self, days: int) -> Deadline:
        """A version of terms binds from a day, soon or long ago."""
        self.starts = (*self.starts, self.today + timedelta(days=days))
        self.rules = dataclasses.replace(self.rules, terms=(*self.rules.terms, f"v{len(self.rules.terms)}"))
        return with_rules(self.deadline, self.here, 0.5)

    def accept(self) -> Deadline:
        """The client accepts all terms there are, which is all that some renewals ask for."""
        self.starts, deadline = (), self.deadline
        if deadline.is_open:
            is_met = deadline.reasons == (RenewalReason.REQUIREMENT_IN_FORCE,) and not deadline.is_submitted
            return renewed(deadline, self.here) if is_met else deadline
        return dated(deadline, self.here)

    def happen(self, what: str, value: object) -> None:
        """Something that a use case would do, where it may."""
        deadline, is_new = self.deadline, False
        match what, value:
            case "opened", list(reasons):
                is_new = not deadline.is_open
                ready = deadline if deadline.is_open else dated(deadline, self.here)
                deadline = opened(ready, reasons, self.rules, self.now_ms)
            case "class", RiskClass() as risk:
                self.risk = risk
                deadline = with_class(deadline, self.here)
            case "rules", RenewalRules() as rules:
                self.rules = dataclasses.replace(rules, terms=self.rules.terms)
                deadline = with_rules(deadline, self.here, 0.5)
            case "document", int(days):
                self.expiries = (self.today + timedelta(days=days),)
                deadline = deadline if deadline.is_open else dated(deadline, self.here)
            case (("terms" | "accepted"), _):
                deadline = self.bind(value) if isinstance(value, int) else self.accept()
            case "confirmed", _ if deadline.is_open:
                deadline = confirmed(deadline, self.now_ms)
            case (("submitted" | "returned" | "renewed"), _) if deadline.is_open:
                deadline = self.answer(what)
            case "asleep", _:
                self.today = days_after(self.today, 200)  # nobody worked
            case _:
                return
        self.deadline = deadline
        if is_new:
            self.begin()


@given(RULES, DAYS, st.lists(st.integers(0, 2000), max_size=2), st.none() | st.floats(0, 1), EVENTS)
@settings(max_examples=deep(150, 2000), deadline=None)
def test_each_notice_once_and_nothing_before_its_day(
    rules: RenewalRules,
    today: date,
    ends: list[int],
    share: float | None,
    events: list[tuple[int, tuple[str, object]]],
) -> None:
    life = Life(rules, today, tuple(today + timedelta(days=days) for days in ends), share=share)
    for days, (what, value) in events:
        life.live(days)
        life.happen(what, value)
    life.live(2_500)
    for (_, step), count in life.told.items():
        if step is RenewalStep.OPENED:
            assert count <= 1
        if step is RenewalStep.OVERDUE:
            assert count <= 1
    last = life.deadline
    assert last.is_open or not life.starts or min(life.starts) > life.today, "what counts is asked for"
    is_someones = last.is_submitted or last.is_ended or last.due_at_ms == END_MS
    assert is_someones or last.next_at_ms > life.now_ms
    assert is_someones or last.next_at_ms < END_MS, "what is due is looked at again"


# ---- what is asked --------------------------------------------------------------------------------------------------


@given(
    st.sampled_from([CARDS, ACCOUNTS]),
    st.lists(
        st.tuples(
            st.sampled_from(["passport", "national_id", "utility_bill"]),
            st.none() | st.dates(date(2025, 1, 1), date(2032, 1, 1)),
        ),
        max_size=4,
    ),
    st.lists(st.sampled_from(list(RenewalReason)), min_size=1, max_size=3, unique=True),
    st.dates(date(2026, 4, 15), date(2030, 1, 1)),
    st.booleans(),
)
@settings(max_examples=deep(200, 2000), deadline=None)
def test_a_renewal_never_asks_what_is_still_valid_and_always_says_whose_turn_it_is(
    product: Product,
    documents: list[tuple[str, date | None]],
    reasons: list[RenewalReason],
    today: date,
    is_confirmed: bool,
) -> None:
    rules = RenewalRules(((RiskClass.STANDARD, CalendarPeriod(12)),), documents_must_stay_valid=True)
    catalogues = {"v1": catalogue(product)}
    request = enablement(Status.ENABLED, product=product.id)
    given = tuple(
        document(
            kind, number, metadata={"number": "AB1234567", **({} if day is None else {"expiration_date": str(day)})}
        )
        for number, (kind, day) in enumerate(documents)
    )
    here = Circumstances(rules, RiskClass.STANDARD, (), today)
    fresh = first_deadline(request.company_id, request.client_id, request.id, product.id, here, reviewed_on=today)
    renewal = opened(fresh, reasons, rules, day_starts_ms(today))
    renewal = confirmed(renewal, 1) if is_confirmed else renewal
    dossier = Dossier(material.client(), (request,), given, (renewal,))
    asked = dossier.assess(request, catalogues, today)
    for missing in asked.documents:
        for each in given:
            expires = iso_date(each.metadata.get("expiration_date"))
            is_good = expires is None or expires > renewal.due_on
            assert not (is_good and missing.requirement.accepts(each.type)), "this is still valid"
    plain = replace(dossier, deadlines=()).assess(request, catalogues, today)
    asked_data = [group.id for group in asked.data if group.fields]
    assert asked_data == [group.id for group in plain.data], "no more is asked of the client than without a renewal"
    assert any(not group.fields for group in asked.data) == renewal.needs_confirmation
    action = next_action(request, asked, renewal=renewal)
    assert (action.owner, action.action == "submit") == (Owner.COMPANY, asked.is_complete)
    waits = next_action(request, asked, renewal=submitted(renewal, 1))
    assert waits.owner is Owner.PROVIDER
