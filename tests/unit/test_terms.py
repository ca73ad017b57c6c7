"""Terms and their acceptance: which text a reader gets, what serves, and what is wrong with what is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from ostiary.domain.catalogue.catalogue import (
    Catalogue,
    DataField,
    DataRequirement,
    DataType,
    Field,
    Product,
    TermsRequirement,
)
from ostiary.domain.catalogue.in_force import days_for_all, with_later
from ostiary.domain.catalogue.terms import AT_ONCE, TermsVersion
from ostiary.domain.clients.accepted_terms import AcceptedTerms, acceptance_of
from ostiary.domain.errors import ConditionFailed
from ostiary.domain.onboarding.asked_terms import asked_terms, binding_days, covered_by, with_terms
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.onboarding.next_action import next_action
from ostiary.domain.onboarding.own_groups import TERMS, UNDECIDED
from ostiary.domain.onboarding.requirements import Assessment, AssessmentInput, Explained, assess
from ostiary.domain.terms.acceptance import (
    ACCEPTOR_CHARACTERS,
    AGENT_CHARACTERS,
    AHEAD_MS,
    Channel,
    circumstance_faults,
    moment_of,
    seen_of,
    text_faults,
)
from ostiary.domain.value import replace as value_with
from tests.material import (
    ATTRIBUTES,
    CARDS,
    NOW_MS,
    PERSONAL,
    RICH,
    SALARY,
    TODAY,
    catalogue,
    client,
    enablement,
    profile,
    when,
)
from tests.terms import ENGLISH, SPANISH, circumstances, hash_of, named, terms

AGENT_FIELD = Field("is_agent", "Agent", DataType.BOOLEAN)
DECLARED = {**ATTRIBUTES, "is_agent": AGENT_FIELD}
AGENT = when("is_agent", "is_agent", holds=lambda values: bool(values["is_agent"]))


def accepted(of: TermsVersion, language: str = "en", **changes: Any) -> AcceptedTerms:
    usual = {"terms_id": of.id, "version": of.version, "sha256": of.wording(language).sha256}
    return AcceptedTerms(**{**usual, "acceptance_id": "a" * 32, "at_ms": NOW_MS, **changes})


# ---- texts ----


@pytest.mark.parametrize(
    ("texts", "language", "nearest"),
    [
        ("en es pt", "es", "es"), ("en es pt", "pt-BR", "pt"), ("en es pt-BR", "pt-BR", "pt-BR"),
        ("es en", "fr", "en"), ("es pt", "fr", "es"), ("es pt", "", "es"),
    ],
)  # fmt: skip
def test_a_reader_gets_the_nearest_wording(texts: str, language: str, nearest: str) -> None:
    assert terms(texts={tag: tag for tag in texts.split()}).wording(language).language == nearest


# ---- what serves ----


def test_any_wording_of_a_version_serves() -> None:
    assert accepted(terms(), "es").serves(terms())
    assert accepted(terms(texts={"en": ENGLISH}), "en").serves(terms())


def test_neither_another_text_nor_other_terms_serve() -> None:
    assert not accepted(terms()).serves(terms(texts={"en": "Other."}))
    assert not accepted(terms()).serves(terms(id="others"))


def test_a_later_version_serves_what_it_covers() -> None:
    later = terms("v2", {"en": "Later."})
    assert not accepted(later).serves(terms())
    assert accepted(later, covers=("v0", "v1")).serves(terms())


def test_the_newest_acceptance_that_serves_counts() -> None:
    first, second = accepted(terms()), accepted(terms(), "es", acceptance_id="b" * 32)
    assert acceptance_of(terms(), (first, second)) == second
    assert acceptance_of(terms(id="others"), (first, second)) is None


# ---- what is asked ----


def judged(product: Product, **changes: Any) -> Assessment:
    attributes = changes.pop("attributes", {})
    whose = client(profile=profile(attributes=attributes), **changes)
    at = AssessmentInput(product=product, declared=DECLARED, client=whose, documents=(), today=TODAY)
    return with_terms(at, assess(at))


def asking(condition: Any = None, of: TermsVersion | None = None) -> Product:
    return Product("cards", "Cards", "", terms=(TermsRequirement(of or terms(), condition),))


def test_missing_terms_stand_among_missing_data_and_lead_on() -> None:
    assessment = judged(asking())
    [group] = assessment.data
    assert (group.id, [field.key for field in group.fields]) == (TERMS, ["rules"])
    assert (assessment.terms, assessment.is_complete) == ((terms(),), False)
    assert assessment.explained == (Explained("rules", True, None, missing=("rules",)),)
    action = next_action(enablement(), assessment)
    assert (action.owner, action.action, action.missing) == ("company", "accept_terms", ("rules",))


def test_what_else_is_missing_comes_first() -> None:
    both = replace(CARDS, terms=asking().terms)
    action = next_action(enablement(), judged(both))
    assert action.action == "complete_documentation"
    assert action.missing[-1] == "rules"
    without_pictures = replace(both, documents=())
    assert next_action(enablement(), judged(without_pictures)).action == "update_client"


def test_accepted_terms_are_met() -> None:
    assessment = judged(asking(), accepted=(accepted(terms()),))
    assert (assessment.is_complete, assessment.terms, assessment.data) == (True, (), ())
    [line] = assessment.explained
    assert (line.satisfied_by, line.since_ms) == (f"terms {'a' * 32}", NOW_MS)


def test_a_product_without_terms_is_judged_as_it_was() -> None:
    at = AssessmentInput(product=CARDS, declared=DECLARED, client=client(), documents=(), today=TODAY)
    before = assess(at)
    assert with_terms(at, before) is before


@pytest.mark.parametrize(("value", "missing"), [(True, ["rules"]), (False, [])])
def test_terms_may_be_for_some_alone(value: bool, missing: list[str]) -> None:
    assessment = judged(asking(AGENT), attributes={"is_agent": value})
    assert [field.key for group in assessment.data for field in group.fields] == missing


def test_what_decides_about_terms_is_missing() -> None:
    assessment = judged(asking(AGENT))
    [group] = assessment.data
    assert (group.id, [field.key for field in group.fields]) == (UNDECIDED, ["is_agent"])
    assert assessment.explained == (Explained("rules", None, "is_agent", missing=("is_agent",)),)


def test_what_decides_is_asked_for_once() -> None:
    """Beside what other conditions wait for, and where a group asks for it anyway."""
    waiting = DataRequirement("more", "More", "", (DataField("occupation", PERSONAL.fields[1].field),), RICH)
    asked = (*asking(AGENT).terms, *asking(RICH, terms(id="others")).terms)
    groups = {each.id: [field.key for field in each.fields] for each in judged(asking_with(waiting, asked)).data}
    assert groups == {UNDECIDED: ["salary", "is_agent"]}
    group = DataRequirement("agent", "Agent", "", (DataField("is_agent", AGENT_FIELD), DataField("salary", SALARY)))
    groups = {each.id: [field.key for field in each.fields] for each in judged(asking_with(group, asked)).data}
    assert groups == {"agent": ["is_agent", "salary"]}
    other = {each.id: [field.key for field in each.fields] for each in judged(asking_with(waiting, ())).data}
    assert other == {UNDECIDED: ["salary"]}


def asking_with(data: DataRequirement, asked: tuple[TermsRequirement, ...]) -> Product:
    return Product("cards", "Cards", "", data=(data,), terms=asked)


def test_a_condition_that_fails_is_told() -> None:
    def failing(values: object) -> bool:
        raise ConditionFailed

    assessment = judged(asking(when("is_agent.x", "is_agent", holds=failing)), attributes={"is_agent": True})
    assert assessment.failed == ("is_agent.x",)


LATER = terms("v2", {"en": "Later."})


@pytest.mark.parametrize(
    ("day", "asked"), [(None, "v1"), (AT_ONCE, "v2"), (date(2026, 4, 15), "v2"), (date(2026, 4, 16), "v1")]
)
def test_a_version_binds_earlier_requests_from_its_day(day: date | None, asked: str) -> None:
    product = with_later(asking(), asking(of=replace(LATER, re_accept_from=day)))
    assert [each.version for each in judged(product).terms] == [asked]
    assert days_for_all(product) == (() if day is None else (day,))


@pytest.mark.parametrize(("day", "asked"), [(AT_ONCE, ["v2"]), (date(2026, 4, 16), [])])
def test_terms_that_are_new_may_bind_all(day: date, asked: list[str]) -> None:
    product = with_later(Product("cards", "Cards", ""), asking(of=replace(LATER, re_accept_from=day)))
    assert [each.version for each in judged(product).terms] == asked


@pytest.mark.parametrize(("value", "days"), [(True, [AT_ONCE]), (False, []), (None, [AT_ONCE])])
def test_terms_bind_whom_they_are_for_or_may_be(value: bool | None, days: list[date]) -> None:
    product = with_later(asking(), asking(AGENT, replace(LATER, re_accept_from=AT_ONCE)))
    whose = client(profile=profile(attributes={} if value is None else {"is_agent": value}))
    at = AssessmentInput(product=product, declared=DECLARED, client=whose, documents=(), today=TODAY)
    assert list(binding_days(at)) == days
    assert binding_days(value_with(at, product=asking())) == ()


def test_what_binds_nobody_leaves_a_pinned_product_as_it_is() -> None:
    pinned = asking()
    for current in (Product("cards", "Cards", ""), asking(of=LATER), asking(of=terms(re_accept_from=None))):
        assert with_later(pinned, current) is pinned
    same = asking(of=terms(re_accept_from=AT_ONCE))
    assert with_later(same, replace(same, name="Other")) is same
    assert with_later(Product("cards", "Cards", ""), asking(of=LATER)).terms == ()


def test_live_requests_ask_whatever_their_conditions_say() -> None:
    first, second = catalogue(), catalogue()
    old, new = asking(AGENT), asking(of=terms("v2", {"en": "Later."}))
    catalogues = {"v1": _with(first, old), "v2": _with(second, new)}
    live, ended = enablement(), enablement(Status.REJECTED, catalogue_version="v2")
    assert asked_terms((live, ended), catalogues) == (terms(),)
    both = (live, enablement(Status.ENABLED, catalogue_version="v2"), live)
    assert asked_terms(both, catalogues) == (terms(), terms("v2", {"en": "Later."}))


def _with(of: Catalogue, product: Product) -> Catalogue:
    asked = {each.terms.id: each.terms for each in product.terms}
    return replace(of, products={"cards": product}, terms=asked)


def test_the_version_in_force_covers_those_it_replaced() -> None:
    later = terms("v2", {"en": "Later."})
    current = _with(catalogue(), asking(of=later))
    asked = (terms(), later, terms(id="others"), terms("v0", {"en": "Before."}))
    assert covered_by(later, asked, current) == ("v1", "v0")
    assert covered_by(terms(), asked, current) == ()


# ---- what is told ----


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-04-15T10:30:00", NOW_MS), ("2026-04-15T10:30:00Z", NOW_MS), ("1969-12-31T23:59:59", -1000),
        ("2026-04-15", None), ("2026-02-30T10:30:00", None), ("2026-04-15T10:30:00+01:00", None),
        ("2026-04-15 10:30:00", None), ("２026-04-15T10:30:00", None), ("", None),
    ],
)  # fmt: skip
def test_a_moment_is_one_in_utc(text: str, moment: int | None) -> None:
    assert moment_of(text) == moment


def test_good_circumstances_have_no_fault() -> None:
    assert circumstance_faults(circumstances(accepted_at_ms=NOW_MS + AHEAD_MS), NOW_MS) == ()
    bare = circumstances(channel=Channel.PAPER, ip_address="", user_agent="")
    assert circumstance_faults(bare, NOW_MS) == ()


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"name": " "}, "accepted_by.name", "must not be blank"),
        ({"name": "x" * (ACCEPTOR_CHARACTERS + 1)}, "accepted_by.name", "at most 200"),
        ({"accepted_at_ms": NOW_MS + AHEAD_MS + 1}, "accepted_at", "it is 2026-04-15T10:30:00, in UTC"),
        ({"ip_address": "203.0.113"}, "ip_address", "IPv4 or IPv6"),
        ({"ip_address": ""}, "ip_address", "is needed for the channel web"),
        ({"channel": Channel.APP, "user_agent": ""}, "user_agent", "is needed for the channel app"),
        ({"user_agent": "x" * (AGENT_CHARACTERS + 1)}, "user_agent", "at most 500"),
        ({"user_agent": "a\nb"}, "user_agent", "control characters"),
    ],
)
def test_a_circumstance_that_breaks_a_rule_is_told(changes: dict[str, Any], field: str, message: str) -> None:
    [fault] = circumstance_faults(circumstances(**changes), NOW_MS)
    assert (fault.field, fault.code) == (field, "VALUE_INVALID")
    assert message in fault.message


def test_a_text_that_is_asked_has_no_fault() -> None:
    asked = (terms(), terms("v2", {"en": "Later."}))
    assert text_faults(named(language="es", text=SPANISH), asked) == ()
    assert text_faults(named("v2", text="Later."), asked) == ()


@pytest.mark.parametrize(
    ("given", "field", "right"),
    [
        ({"terms_id": "rule"}, "terms_id", "must be one of: rules"),
        ({"text": "Another."}, "sha256", f"v1 en {hash_of(ENGLISH)}; v1 es {hash_of(SPANISH)}"),
        ({"version": "v2"}, "version", "has v1"),
        ({"language": "es"}, "language", "has en"),
    ],
)
def test_another_text_is_a_fault_that_says_what_is_right(given: dict[str, str], field: str, right: str) -> None:
    [fault] = text_faults(named(**given), (terms(),))
    assert (fault.field, right in fault.message) == (field, True), fault


def test_a_client_of_whom_nothing_is_asked_accepts_nothing() -> None:
    [fault] = text_faults(named(), ())
    assert (fault.code, fault.message) == ("TERMS_NOT_ASKED", "no terms are asked of this client")


@pytest.mark.parametrize(("address", "agent", "source", "shown"), [
    ("203.0.113.7", "Mozilla/5.0 (Telephone)", "203.0.113.7", "Mozilla/5.0 (Telephone)"),
    ("::ffff:203.0.113.7", "", "203.0.113.7", ""),
    ("fe80::1%eth0", "a" * (AGENT_CHARACTERS + 1), "fe80::1", "a" * AGENT_CHARACTERS),
    ("a socket", "\x1b[31m\tred \xad", "", "\\x1b[31m red \\xad"),
    ("", " \u2800 ", "", ""),
])  # fmt: skip
def test_what_a_connection_gives_can_always_be_kept(address: str, agent: str, source: str, shown: str) -> None:
    assert seen_of(address, agent) == (source, shown)
    given = circumstances(channel=Channel.HOSTED_PAGE, ip_address=source, user_agent=shown)
    assert circumstance_faults(given, NOW_MS) == ()
