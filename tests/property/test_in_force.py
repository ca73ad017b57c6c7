"""Invented catalogues with days on which entries start: nothing is asked before its day, nor of whom it spares."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType

from hypothesis import given
from hypothesis import strategies as st

from ostiary.domain.catalogue.catalogue import (
    Alternative,
    Catalogue,
    DataField,
    DataRequirement,
    DocumentRequirement,
    Product,
    TermsRequirement,
)
from ostiary.domain.catalogue.in_force import (
    catalogue_with_later,
    counting_on,
    days_for_all,
    ever_counting,
    product_on,
    renewal_rules_of,
    starting,
    with_later,
)
from ostiary.domain.catalogue.starts import Affected, Start
from ostiary.domain.catalogue.terms import AT_ONCE, TermsVersion
from ostiary.domain.clients.accepted_terms import AcceptedTerms
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.onboarding.own_groups import TERMS
from ostiary.domain.renewals.deadlines import rules_mark
from ostiary.domain.times import DAY_MS
from tests.material import (
    ATTRIBUTES,
    BILL,
    NATIONAL_ID,
    NOW_MS,
    OCCUPATION,
    PASSPORT,
    TODAY,
    client,
    enablement,
    profile,
)
from tests.terms import hash_of, terms

DAYS = st.integers(-40, 40).map(lambda days: TODAY + timedelta(days=days))
STARTS = st.none() | st.builds(Start, DAYS, st.sampled_from(Affected))
BOTH = st.booleans()
KEYS = ("phone", "occupation", "second_name")
TYPES = (PASSPORT, NATIONAL_ID, BILL)
Entries = frozenset[tuple[str, str]]


@st.composite
def products(draw: st.DrawFn) -> Product:
    """Each type serves one requirement at most, of which each has an alternative that counts from the start."""
    documents, data = list[DocumentRequirement](), list[DataRequirement]()
    for number, kind in enumerate(draw(st.lists(st.sampled_from(TYPES), unique=True, max_size=2))):
        start = draw(STARTS)
        documents.append(DocumentRequirement(f"document{number}", "A", "", (Alternative(kind),), None, start))
    has_another_way: bool = draw(BOTH)
    if documents and has_another_way:
        used = {each.alternatives[0].document_type.id for each in documents}
        spare = next(kind for kind in TYPES if kind.id not in used)
        first = documents[0]
        documents[0] = replace(first, alternatives=(*first.alternatives, Alternative(spare, None, draw(STARTS))))
    for number, keys in enumerate(draw(st.lists(st.sets(st.sampled_from(KEYS), min_size=1), max_size=2))):
        fields = tuple(DataField(key, OCCUPATION, None, draw(STARTS)) for key in sorted(keys))
        data.append(DataRequirement(f"data{number}", "A", "", fields, None, draw(STARTS)))
    return Product("cards", "Cards", "", tuple(documents), tuple(data))


def entries(product: Product) -> Entries:
    """What it asks for, each by where it stands."""
    asked = [(each.id, "") for each in product.documents]
    asked += [(each.id, field.key) for each in product.data for field in each.fields]
    return frozenset(asked)


def starts(product: Product) -> dict[tuple[str, str], list[Start]]:
    """The days that each entry has to wait for: its own, and its group's."""
    waits = {(each.id, ""): [each.start] for each in product.documents}
    waits |= {(each.id, field.key): [each.start, field.start] for each in product.data for field in each.fields}
    return {place: [start for start in each if start is not None] for place, each in waits.items()}


@given(products(), DAYS, DAYS)
def test_an_entry_counts_exactly_from_its_day_on_and_for_whom_it_says(product: Product, day: date, asked: date) -> None:
    counting = entries(counting_on(product, day, asked))
    for place, waits in starts(product).items():
        wanted = all(each.day <= day and (each.affects is Affected.ALL or asked >= each.day) for each in waits)
        assert (place in counting) is wanted, (place, waits)


@given(products(), products(), DAYS, st.integers(0, 60), DAYS)
def test_with_the_days_nothing_stops_to_count(
    pinned: Product, current: Product, day: date, days: int, asked: date
) -> None:
    before = product_on(day, pinned, current, asked)
    after = product_on(day + timedelta(days=days), pinned, current, asked)
    assert entries(before) <= entries(after)
    assert {kind.id for kind in before.document_types()} <= {kind.id for kind in after.document_types()}
    assert entries(after) <= entries(ever_counting(with_later(pinned, current), asked))


@given(products(), products(), DAYS)
def test_what_is_for_new_requests_never_touches_who_asked_before(
    pinned: Product, current: Product, asked: date
) -> None:
    """Whatever the catalogue in force wants of new requests: one made under an earlier version is not asked for it."""
    only_new = _with_all_starts(current, asked)
    assert with_later(pinned, only_new) is pinned
    own = starts(only_new)
    for days in range(0, 100, 9):
        counting = entries(counting_on(only_new, asked + timedelta(days=days), asked))
        assert all(not any(each.day > asked for each in own[place]) for place in counting)


def _with_all_starts(product: Product, asked: date) -> Product:
    """The same with every later entry for new requests only, from after that day."""

    def late(start: Start | None) -> Start | None:
        return None if start is None else Start(max(start.day, asked + timedelta(days=1)))

    documents = tuple(
        replace(
            each,
            start=late(each.start),
            alternatives=tuple(replace(part, start=late(part.start)) for part in each.alternatives),
        )
        for each in product.documents
    )
    data = tuple(
        replace(
            each, start=late(each.start), fields=tuple(replace(part, start=late(part.start)) for part in each.fields)
        )
        for each in product.data
    )
    return replace(product, documents=documents, data=data)


@given(products(), products(), DAYS, DAYS)
def test_what_is_pinned_and_has_no_day_stays_as_it_is(
    pinned: Product, current: Product, day: date, asked: date
) -> None:
    merged = entries(product_on(day, pinned, current, asked))
    assert {place for place, waits in starts(pinned).items() if not waits} <= merged
    ours = set(starts(pinned))
    for place in merged - ours:
        assert any(each.affects is Affected.ALL for each in starts(current)[place]), "only what is for all is added"


@given(products(), DAYS, DAYS)
def test_what_starts_is_what_the_next_day_has_more(product: Product, after: date, asked: date) -> None:
    days = list(starting(product, after, asked))
    assert [day for day, _ in days] == sorted({day for day, _ in days})
    for day, part in days:
        more = entries(counting_on(product, day, asked)) - entries(counting_on(product, day - timedelta(days=1), asked))
        assert entries(part) == more
    assert {day for day, _ in days} <= set(product.changes_on)


@given(products(), DAYS)
def test_each_day_on_which_more_is_asked_of_everybody_is_named(product: Product, asked: date) -> None:
    named = days_for_all(product)
    long_ago = date(2000, 1, 1)
    assert {day for day, _ in starting(product, long_ago, long_ago)} <= set(named)


@dataclass(frozen=True)
class _Version:
    version: str
    product: Product

    def catalogue(self) -> Catalogue:
        products = MappingProxyType({"cards": self.product})
        return Catalogue(self.version, "", products, MappingProxyType(dict(ATTRIBUTES)), MappingProxyType({}))


@given(products(), products(), DAYS, DAYS)
def test_a_request_is_told_of_later_days_and_asked_for_nothing_before(
    pinned: Product, current: Product, day: date, asked: date
) -> None:
    catalogue = catalogue_with_later(_Version("v1", pinned).catalogue(), _Version("v2", current).catalogue())
    bare = client(profile=profile(attributes={}, phone_number=None, second_name=None))
    made_ms = NOW_MS + (asked - TODAY).days * DAY_MS
    for status in Status:
        request = enablement(status, created_at_ms=made_ms)
        dossier = Dossier(bare, (request,))
        missing = dossier.assess(request, {"v1": catalogue}, day)
        future = dossier.future(request, {"v1": catalogue}, day)
        keys = {field.key for group in missing.data for field in group.fields}
        expected = entries(product_on(day, pinned, current, asked))
        assert {each.requirement.id for each in missing.documents} == {name for name, key in expected if not key}
        assert keys == {key for _, key in expected if key}
        assert all(each.starts_on > day and (each.documents or each.data) for each in future)
        if status is Status.REJECTED:
            assert future == ()


VERSIONS = st.sampled_from(["v1", "v2", "v3"])
BINDING = st.none() | st.just(AT_ONCE) | DAYS


@st.composite
def products_with_terms(draw: st.DrawFn) -> Product:
    """An invented product that also asks for up to three terms, each in one of three versions."""
    names: list[str] = draw(st.lists(st.sampled_from(["rules", "fees", "privacy"]), unique=True, max_size=3))
    asked = tuple(TermsRequirement(_terms(name, draw(VERSIONS), draw(BINDING))) for name in names)
    product: Product = draw(products())
    return replace(product, terms=asked)


def _terms(name: str, version: str, binds: date | None) -> TermsVersion:
    return terms(version, {"en": f"{name} {version}"}, id=name, name=name, re_accept_from=binds)


@given(
    products_with_terms(), products_with_terms(), DAYS, st.sets(st.tuples(st.sampled_from(["rules", "fees"]), VERSIONS))
)
def test_terms_bind_from_their_day_on_and_are_told_of_before(
    pinned: Product, current: Product, day: date, texts: set[tuple[str, str]]
) -> None:
    accepted = tuple(
        AcceptedTerms(name, version, hash_of(f"{name} {version}"), f"{name}{version}", 0) for name, version in texts
    )
    catalogue = catalogue_with_later(_Version("v1", pinned).catalogue(), _Version("v2", current).catalogue())
    request = enablement(Status.ENABLED)
    dossier = Dossier(client(accepted=accepted), (request,))
    asked = {(each.id, each.version) for each in dossier.assess(request, {"v1": catalogue}, day).terms}
    announced = {
        (each.starts_on, field.key)
        for each in dossier.future(request, {"v1": catalogue}, day)
        for group in each.data
        if group.id == TERMS
        for field in group.fields
    }
    expected, coming, binding = set[tuple[str, str]](), set[tuple[date, str]](), set[date]()
    own, theirs = ({each.terms.id: each.terms for each in product.terms} for product in (pinned, current))
    for name in own.keys() | theirs.keys():
        before, after = own.get(name), theirs.get(name)
        binds = None if after is None or after == before else after.re_accept_from
        counts = after if binds is not None and binds <= day else before
        expected |= set() if counts is None else {(name, counts.version)}
        if after is not None and binds is not None and (name, after.version) not in texts:
            binding.add(binds)
            coming |= {(binds, name)} if binds > day else set()
    assert asked == expected - texts
    assert announced == coming
    assert set(dossier.binding_on(request, {"v1": catalogue}, day)) == binding


@given(products_with_terms(), products_with_terms())
def test_rules_are_others_exactly_where_others_are_bound(first: Product, second: Product) -> None:
    """So that enabled requests are dated anew when it matters, and not else."""
    plain = [replace(each, documents=(), data=()) for each in (first, second)]
    marks = [rules_mark(renewal_rules_of(each)) for each in plain]
    bound = [[each.terms for each in product.terms if each.terms.re_accept_from is not None] for product in plain]
    assert (marks[0] == marks[1]) is (bound[0] == bound[1])
    for product, binding in zip(plain, bound, strict=True):
        rules = renewal_rules_of(product)
        assert (rules.ask_anything, rules.follow_events) == (bool(binding), False)


def test_nothing_is_done_where_nothing_has_a_day() -> None:
    plain = Product("cards", "Cards", "", (DocumentRequirement("identity", "A", "", (Alternative(PASSPORT),)),))
    assert counting_on(plain, TODAY, TODAY) is ever_counting(plain, TODAY) is with_later(plain, plain) is plain
    ours, theirs = _Version("v1", plain).catalogue(), _Version("v2", replace(plain, minimum_age=18)).catalogue()
    assert catalogue_with_later(ours, theirs) is ours
    assert catalogue_with_later(ours, ours) is ours


def test_a_product_that_is_not_offered_any_more_stays_as_it_is() -> None:
    dated = DocumentRequirement("proof", "A", "", (Alternative(BILL),), None, Start(TODAY, Affected.ALL))
    pinned = _Version("v1", Product("cards", "Cards", "")).catalogue()
    other = replace(_Version("v2", Product("loans", "Loans", "", (dated,))).catalogue())
    other = replace(other, products=MappingProxyType({"loans": Product("loans", "Loans", "", (dated,))}))
    assert catalogue_with_later(pinned, other) is pinned
