"""What differs between two catalogue files, entry by entry and country by country."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from ostiary.adapters.config.catalogue_file import parse
from ostiary.adapters.lookups.countries import country_codes
from ostiary.domain.catalogue.catalogue import DataField, DataRequirement, Product
from ostiary.domain.catalogue_changes.changes import CatalogueDifference, ChangeKind, OfferChange
from ostiary.domain.catalogue_changes.declarations import unknown_changes
from ostiary.domain.catalogue_changes.difference import difference
from ostiary.domain.catalogue_changes.product_changes import changes_of

BASE = """
attributes:
  salary: {name: Salary, type: DECIMAL, minimum: 1, maximum: 9}
  job: {name: Job, type: STRING, min_length: 2, max_length: 9, pattern: "[a-z]*"}
  source: {name: Source, type: ENUM, options: [work, other]}
document_types:
  passport:
    name: Passport
    metadata:
      number: {name: Number, type: STRING}
      issuing_country: {name: Issuer, type: COUNTRY}
      place: {name: Place, type: STRING, required: false}
  visa: {name: Visa}
  bill: {name: Bill}
products:
  cards:
    name: Cards
    minimum_age: 18
    documents:
      identity: {name: Identity, one_of: [passport, visa]}
      home: {name: Home, when: "country == 'ARG'", one_of: [bill]}
    data:
      work: {name: Work, fields: [salary, {key: job, when: salary > 5.0}]}
      money: {name: Money, when: "country in ['ARG', 'BRA']", fields: [source]}
"""


def compared(old: str, new: str) -> CatalogueDifference:
    """Read as kept ones, whose conditions are not tried out: that takes long."""
    was, now = parse(old, "old.yaml", is_kept=True), parse(new, "new.yaml", is_kept=True)
    return difference(was, now, country_codes())


def lines(was: str, becomes: str) -> list[tuple[str, str, str, tuple[str, ...] | None]]:
    """What is said of one edit of the file above."""
    edited = BASE.replace(was, becomes)
    assert edited != BASE
    return [
        (change.kind.value, change.subject, str(change.words), change.countries)
        for product in compared(BASE, edited).products
        for change in product.changes
    ]


NUMBER = "number: {name: Number, type: STRING}"
GROUP = "more: {name: More, when: state == 'x', fields: [{key: job, when: age > 3}]}"
EVERYBODY_BUT_ARG = tuple(sorted(set(country_codes()) - {"ARG"}))


@pytest.mark.parametrize(("was", "becomes", "expected"), [
    ("minimum_age: 18", "minimum_age: 21", ("harder", "minimum_age", "21, it was 18", None)),
    ("minimum_age: 18", "minimum_age: 16", ("easier", "minimum_age", "16, it was 18", None)),
    ("    minimum_age: 18\n", "", ("easier", "minimum_age", "nothing, it was 18", None)),
    ("[passport, visa]", "[passport]", ("harder", "documents.identity.visa", "may no longer be sent: Visa", None)),
    (
        "[passport, visa]", "[passport, {type: visa, when: age > 30}]",
        ("harder", "documents.identity.visa", "may be sent when age > 30, it was always", None),
    ),
    (
        "[passport, visa]", "[passport, {type: visa, when: country != 'ARG'}]",
        ("harder", "documents.identity.visa", "may no longer be sent: Visa", ("ARG",)),
    ),
    ("country == 'ARG'", "country == 'BRA'", (
        ("no_longer_asked", "documents.home", "Home: Bill", ("ARG",)), ("asked", "documents.home", "Home: Bill",
            ("BRA",)),
    )),
    ("country == 'ARG'", "country in ['ARG']", ()),
    ("country == 'ARG'", "country == 'ARG' && age > 30",
        ("easier", "documents.home", "when country == 'ARG' && age > 30, it was always", ("ARG",))),
    ("country == 'ARG'", "country == 'ARG' && job == 'x'", (
        ("easier", "documents.home", "when country == 'ARG' && job == 'x', it was always", ("ARG",)),
        ("harder", "data.job", "always, it was when salary > 5.0", None),
    )),
    ("when: \"country == 'ARG'\", ", "", ("asked", "documents.home", "Home: Bill", EVERYBODY_BUT_ARG)),
    ("fields: [salary, ", "fields: [", ("other", "data.salary.group", "nothing, it was work", None)),
    ("salary > 5.0", "salary > 6.0", ("unclear", "data.job", "when salary > 6.0, it was when salary > 5.0", None)),
    ("{key: job, when: salary > 5.0}", "job", ("harder", "data.job", "always, it was when salary > 5.0", None)),
    ("[salary, {key: job, when: salary > 5.0}]", "[salary]",
        ("no_longer_asked", "data.job", "Job, when salary > 5.0", None)),
    ("['ARG', 'BRA']", "['BRA', 'CHL']", (
        ("no_longer_asked", "data.source", "Source", ("ARG",)), ("asked", "data.source", "Source", ("CHL",)),
    )),
    ("fields: [source]", "fields: [source, phone]", ("asked", "data.phone", "Phone", ("ARG", "BRA"))),
    ("fields: [source]", "fields: [{key: source, when: age > 3}, phone]", (
        ("easier", "data.source", "when age > 3, it was always", ("ARG", "BRA")), ("asked", "data.phone", "Phone",
            ("ARG", "BRA")),
    )),
    ("{key: job, when: salary > 5.0}", "{key: job, when: country == 'ARG'}", (
        ("harder", "data.job", "always, it was when salary > 5.0", ("ARG",)),
        ("no_longer_asked", "data.job", "Job, when salary > 5.0", EVERYBODY_BUT_ARG),
    )),
    ("fields: [source]", "fields: [source, {key: phone, when: \"age > 3 || country == 'ARG'\"}]", (
        ("asked", "data.phone", "Phone", ("ARG",)),
        ("asked", "data.phone", "Phone, when age > 3 || country == 'ARG'", ("BRA",)),
    )),
    ("      money: {", f"      {GROUP}\n      money: {{", (
        ("asked", "data.state", "state, which a condition reads", None),
        ("harder", "data.job", "when ((age > 3) && (state == 'x')) || (salary > 5.0), it was when salary > 5.0", None),
    )),
    ("[work, other]", "[work]", ("harder", "data.source.options", "work, it was other, work", ("ARG", "BRA"))),
    ("[work, other]", "[work, other, more]",
        ("easier", "data.source.options", "more, other, work, it was other, work", ("ARG", "BRA"))),
    ("[work, other]", "[work, more]", ("unclear", "data.source.options", "more, work, it was other, work",
        ("ARG", "BRA"))),
    ("minimum: 1", "minimum: 2", ("harder", "data.salary.minimum", "2, it was 1", None)),
    ("maximum: 9", "maximum: 10", ("easier", "data.salary.maximum", "10, it was 9", None)),
    ("min_length: 2", "min_length: 1", ("easier", "data.job.min_length", "1, it was 2", None)),
    (", max_length: 9", "", ("easier", "data.job.max_length", "nothing, it was 9", None)),
    ("[a-z]*", "[a-y]*", ("unclear", "data.job.pattern", "[a-y]*, it was [a-z]*", None)),
    ("name: Job, type: STRING", "name: Job, type: EMAIL",
        ("unclear", "data.job.type", "EMAIL, it was STRING", None)),
    ("name: Passport\n", "name: Passport\n    sides: front_and_back\n",
        ("harder", "document_types.passport.sides", "front and back, it was front", None)),
    ("name: Passport\n", "name: Passport\n    unique: true\n",
        ("harder", "document_types.passport.unique", "its number may serve one client only", None)),
    ("name: Passport\n", "name: Passport\n    issuing_countries: [ARG]\n",
        ("harder", "document_types.passport.issuing_countries", "ARG, it was any", None)),
    ("name: Passport\n", "name: Passport\n    machine_readable: [TD3]\n    always_machine_readable: true\n", (
        ("harder", "document_types.passport.always_machine_readable",
            "a picture that no machine can read is sent back", None),
        ("other", "document_types.passport.machine_readable", "TD3, it was nothing", None),
    )),
    (", required: false}", "}",
        ("asked", "document_types.passport.metadata.place", "asked for with the document: Place", None)),
    ("      place: {name: Place, type: STRING, required: false}\n", "",
        ("other", "document_types.passport.metadata.place", "may no longer be given", None)),
    (NUMBER, "number: {name: Number, type: STRING, required: false}",
        ("no_longer_asked", "document_types.passport.metadata.number", "asked for with the document: Number", None)),
    (NUMBER, NUMBER + "\n      extra: {name: Extra, type: STRING, required: false}",
        ("other", "document_types.passport.metadata.extra", "may be given", None)),
    (NUMBER, "number: {name: Number, type: STRING, max_length: 9}",
        ("harder", "document_types.passport.metadata.number.max_length", "9, it was nothing", None)),
    ("minimum_age: 18", "minimum_age: 18\n    policy: manual", ("other", "policy", "manual, it was assisted", None)),
    ("minimum_age: 18", "minimum_age: 18\n    four_eyes: [approve, reject]",
        ("other", "four_eyes", "approve, reject, it was nothing", None)),
    ("name: Identity", "name: {en: Identity, es: Identidad}",
        ("other", "texts", "1 name or description is another", None)),
    ("      money: {", "      work2: {name: More, fields: [salary]}\n      money: {",
        ("other", "data.salary.group", "work, work2, it was work", None)),
])  # fmt: skip
def test_an_edit_is_said_in_words(was: str, becomes: str, expected: tuple[object, ...]) -> None:
    changes = [expected] if expected and isinstance(expected[0], str) else list(expected)
    assert sorted(lines(was, becomes), key=str) == sorted(changes, key=str)


def test_products_that_come_and_go_change_nothing_of_anybody() -> None:
    new = compared(BASE, BASE + "  more: {name: More}\n")
    assert [(each.product, each.state, each.changes) for each in new.products] == [("more", OfferChange.ADDED, ())]
    assert not new.asks_more
    gone = compared(BASE + "  more: {name: More}\n", BASE)
    assert [(each.product, each.state) for each in gone.products] == [("more", OfferChange.REMOVED)]


@pytest.mark.parametrize(("old", "new", "words"), [
    ("", "  more: {name: More, type: STRING}\n", "may be given"),
    ("  more: {name: More, type: STRING}\n", "", "may no longer be given"),
    ("  more: {name: More, type: STRING}\n", "  more: {name: More, type: EMAIL}\n", "declared otherwise"),
    ("  more: {name: More, type: STRING}\n", "  more: {name: {en: More, es: Más}, type: STRING}\n",
        "declared otherwise"),
])  # fmt: skip
def test_attributes_that_no_product_asks_for_are_told_beside_the_products(old: str, new: str, words: str) -> None:
    was, now = (BASE.replace("document_types:\n", f"{more}document_types:\n", 1) for more in (old, new))
    different = compared(was, now)
    assert different.products == ()
    assert [(each.subject, each.words) for each in different.general] == [("attributes.more", words)]
    assert not different.asks_more


def test_the_way_of_writing_alone_is_said_to_be_that() -> None:
    different = compared(BASE, BASE.replace("country == 'ARG'", "'ARG' == country"))
    assert different.products == ()
    assert "Only how it is written differs" in different.general[0].words
    assert not compared(BASE, f"# a comment\n{BASE}").general


@pytest.mark.parametrize(("old", "new"), [
    (parse(BASE, "old").attributes["job"], parse(BASE, "old").attributes["source"]),
    (parse(BASE, "old").products["cards"], parse(BASE, "old").products["cards"]),
])  # fmt: skip
def test_a_key_of_which_nothing_is_known_is_never_taken_for_harmless(old: object, new: object) -> None:
    """Whatever later releases add."""
    changes = list(unknown_changes("x", old, new, {"id", "name", "pattern", "min_length", "max_length", "options"}))
    assert [(each.kind, each.subject) for each in changes] == (
        [] if old == new else [(ChangeKind.UNCLEAR, "x.data_type")]
    )


def test_a_key_of_a_requirement_of_which_nothing_is_known_is_told_where_it_stands() -> None:
    asked = DataRequirement("work", "Work", "", ())
    later = DatedRequirement("work", "Work", "", (), since="2027-07-10")
    before, after = Product("p", "P", "", data=(replace(later, since=""),)), Product("p", "P", "", data=(later,))
    assert [each.subject for each in changes_of(before, after, {})] == ["data.work.since"]
    assert not list(changes_of(replace(before, data=(asked,)), replace(before, data=(asked,)), {}))


def test_what_need_not_be_given_is_not_asked_for() -> None:
    optional = DataField("job", replace(parse(BASE, "old").attributes["job"], required=False))
    product = Product("p", "P", "", data=(DataRequirement("work", "Work", "", ()),))
    assert not list(changes_of(product, replace(product, data=(DataRequirement("work", "Work", "", (optional,)),)), {}))


@dataclass(frozen=True, slots=True)
class DatedRequirement(DataRequirement):
    """One of a later release."""

    since: str = ""


@pytest.mark.parametrize(("was", "becomes", "place"), [
    ("{key: job, when: salary > 5.0}", "{key: job, when: salary > 5.0, from: 2027-07-10}", "data.work.job.from"),
    ("one_of: [passport, visa]", "one_of: [passport, {type: visa, from: 2027-07-10}]", "documents.identity.visa.from"),
])  # fmt: skip
def test_a_day_from_which_an_entry_counts_is_never_taken_for_harmless(was: str, becomes: str, place: str) -> None:
    assert place in {subject for kind, subject, _, _ in lines(was, becomes) if kind == "unclear"}


def test_other_rules_of_risk_are_told_beside_the_products() -> None:
    far, near = "{class: high, name: Far, when: country == 'ARG'}", "{class: low, name: Near, when: country == 'BRA'}"
    later = far.replace("high", "low")
    high, low = "high risk when country == 'ARG'", "low risk when country == 'ARG'"
    for was, becomes, expected in (
        ([], [far], [("risk.Far", f"{high}, it was nothing")]),
        ([far, near], [later, near], [("risk.Far", f"{low}, it was {high}")]),
        ([far], [], [("risk.Far", f"nothing, it was {high}")]),
        ([far], [far, later], [("risk.Far", f"{high}; {low}, it was {high}")]),
    ):
        different = compared(with_risk(*was), with_risk(*becomes))
        assert [(each.subject, str(each.words)) for each in different.general] == expected
        assert {each.kind for each in different.general} == {ChangeKind.OTHER}
    another_order = compared(with_risk(far, near), with_risk(near, far))
    assert not another_order.asks_more
    assert not [each for each in another_order.general if each.subject.startswith("risk")]


def with_risk(*rules: str) -> str:
    lines = "".join(f"  - {rule}\n" for rule in rules)
    return BASE.replace("products:\n", f"risk:\n{lines}products:\n" if rules else "products:\n", 1)


DUE = "review_every: {low: P5Y, standard: P5Y, high: P1Y}"
RENEWED = BASE.replace("    minimum_age: 18\n", f"    minimum_age: 18\n    {DUE}\n")


@pytest.mark.parametrize(("was", "becomes", "expected"), [
    ("low: P5Y", "low: P6Y6M", ("easier", "review_every.low", "after 6 years, 6 months, it was after 5 years")),
    ("high: P1Y", "high: P11M", ("harder", "review_every.high", "after 11 months, it was after 1 year")),
    ("high: P1Y", "high: P300D", ("harder", "review_every.high", "after 300 days, it was after 1 year")),
    ("high: P1Y", "high: P1Y1D", ("easier", "review_every.high", "after 1 year, 1 day, it was after 1 year")),
    ("high: P1Y", "high: P500D", ("easier", "review_every.high", "after 500 days, it was after 1 year")),
    ("high: P1Y", "high: P360D", ("unclear", "review_every.high", "after 360 days, it was after 1 year")),
    (f"    {DUE}\n", "", ("easier", "review_every.high", "nothing, it was after 1 year")),
    (DUE, f"{DUE}\n    documents_must_stay_valid: true",
        ("harder", "documents_must_stay_valid", "a document that runs out has to be replaced")),
    (DUE, f"{DUE}\n    at_deadline: offboard",
        ("harder", "at_deadline", "the client is off-boarded from that product, "
            "it was a person decides what becomes of it")),
    (DUE, f"{DUE}\n    grace_days: 1", ("harder", "grace_days", "1 day, it was 30 days")),
    (DUE, f"{DUE}\n    notice_days: [7]", ("other", "notice_days", "7 days before, it was 90, 30, 7, 0 days before")),
    (DUE, f"{DUE}\n    needs: [more]", ("asked", "needs.more", "has to be enabled before: more")),
    ("when: salary > 5.0}", "when: salary > 5.0, from: 2027-07-10}",
        ("unclear", "data.work.job.from", "from 2027-07-10 on, for requests made since, it was nothing")),
    ("name: Work, ", "name: Work, from: 2027-07-10, for: all, ",
        ("unclear", "data.work.from", "from 2027-07-10 on, for all, it was nothing")),
    ("identity: {name: Identity, ", "identity: {name: Identity, from: 2027-07-10, ",
        ("unclear", "documents.identity.from", "from 2027-07-10 on, for requests made since, it was nothing")),
    ("    data:\n", "      visum: {name: Visum, from: 2027-07-10, one_of: [later]}\n    data:\n",
        ("asked", "documents.visum", "Visum: Later, from 2027-07-10 on, for requests made since")),
])  # fmt: skip
def test_when_it_is_due_again_and_from_when_entries_count_is_said_in_words(
    was: str, becomes: str, expected: tuple[str, str, str]
) -> None:
    more = "document_types:\n  later: {name: Later}\n"
    base = f"{RENEWED}  more: {{name: More}}\n".replace("document_types:\n", more)
    edited = base.replace(was, becomes)
    assert edited != base
    there, back = (
        {(each.kind.value, each.subject, str(each.words)) for each in different.products[0].changes}
        for different in (compared(base, edited), compared(edited, base))
    )
    assert expected in there
    opposite = {"harder": "easier", "easier": "harder", "asked": "no_longer_asked"}.get(expected[0], expected[0])
    assert (opposite, expected[1]) in {(kind, subject) for kind, subject, _ in back}
    assert not [words for _, _, words in (*there, *back) if "(" in words and "==" not in words], (
        "no value as Python has it"
    )
