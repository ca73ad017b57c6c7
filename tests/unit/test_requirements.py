"""What is missing: conditions, evidence, ages, refusals; nothing twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from ostiary.domain.catalogue.catalogue import (
    Alternative,
    Condition,
    DataField,
    DataRequirement,
    DocumentRequirement,
    Field,
    Product,
)
from ostiary.domain.clients.client import Client, value_mark
from ostiary.domain.documents.document import Document, DocumentStatus
from ostiary.domain.errors import ConditionFailed
from ostiary.domain.onboarding.own_groups import UNDECIDED
from ostiary.domain.onboarding.requirements import Assessment, AssessmentInput, assess
from ostiary.domain.rejections import Code, Kind, Rejection, reject
from tests.material import (
    ACCOUNTS,
    ADDRESS,
    ATTRIBUTES,
    CARDS,
    IDENTITY,
    IN_ARGENTINA,
    NATIONAL_ID,
    OCCUPATION,
    PASSPORT,
    PERSONAL,
    RICH,
    SALARY,
    TODAY,
    client,
    document,
    profile,
)

BRAZILIAN = {"country": "BRA", "state": None}


def assessed(
    product: Product, who: Client | None = None, documents: Sequence[Document] = (), today: date = TODAY
) -> Assessment:
    return assess(AssessmentInput(product, ATTRIBUTES, who or client(), documents, today))


def missing(assessment: Assessment) -> tuple[list[str], dict[str, list[str]]]:
    """The ids of missing documents, and the missing keys by group."""
    return [document.requirement.id for document in assessment.documents], {
        group.id: [field.key for field in group.fields] for group in assessment.data
    }


def offering(**changes: object) -> Product:
    return replace(CARDS, **changes)  # type: ignore[arg-type]


# ---- conditions that fail for a client -----------------------------------------------------------------------------


def _fails(values: Mapping[str, object]) -> bool:
    raise ConditionFailed("divide by zero")


FAILING = Condition("1.0 / salary > age", frozenset({"salary", "age"}), _fails)
OTHERS = (Alternative(PASSPORT, FAILING), Alternative(NATIONAL_ID))


@pytest.mark.parametrize(
    ("product", "asked"),
    [
        (offering(documents=(replace(IDENTITY, condition=FAILING),), data=()), ([], {UNDECIDED: ["birth_date",
        "salary"]})),
        (offering(documents=(replace(IDENTITY, alternatives=OTHERS[:1]),), data=()),
         ([], {UNDECIDED: ["birth_date", "salary"]})),
        (offering(documents=(replace(IDENTITY, alternatives=OTHERS),), data=()), (["identity_document"], {})),
        (offering(documents=(), data=(replace(PERSONAL, condition=FAILING),)), ([], {UNDECIDED: ["birth_date",
        "salary"]})),
        (offering(documents=(), data=(replace(PERSONAL, fields=(DataField("occupation", OCCUPATION, FAILING),)),)),
         ([], {UNDECIDED: ["birth_date", "salary"]})),
    ],
    ids=["a requirement's", "the only alternative's", "one alternative's of two", "a group's", "a field's"],
)  # fmt: skip
def test_a_condition_that_fails_is_undecided_and_is_told(product: Product, asked: object) -> None:
    assessment = assessed(product, client(profile=profile(attributes={"salary": 0.0})))
    assert missing(assessment) == asked
    assert assessment.failed == ("1.0 / salary > age",)


def test_conditions_that_hold_or_wait_are_not_told() -> None:
    assert assessed(ACCOUNTS, client(profile=profile(attributes={}))).failed == ()


# ---- what is there and what is not ----------------------------------------------------------------------------------


def test_a_client_with_everything_misses_nothing() -> None:
    assessment = assessed(ACCOUNTS, documents=[document(), document("utility_bill", 20)])
    assert assessment.is_complete
    assert assessment.rejections == ()
    assert [(requirement, document.type) for requirement, document in assessment.evidence] == [
        ("identity_document", "passport"),
        ("proof_of_address", "utility_bill"),
    ]


def test_a_bare_client_misses_documents_and_only_the_missing_fields_of_a_group() -> None:
    bare = client(profile=profile(phone_country_code=None, phone_number=None))
    assessment = assessed(ACCOUNTS, bare)
    assert missing(assessment) == (["identity_document", "proof_of_address"], {"personal_information": ["phone"]})
    assert [alternative.id for alternative in assessment.documents[0].alternatives] == ["passport", "national_id"]
    assert not assessment.is_complete


def test_an_optional_field_is_never_missing_and_its_condition_is_not_waited_for() -> None:
    optional = DataField("salary", replace(SALARY, required=False), RICH)
    assessment = assessed(offering(documents=(), data=(replace(PERSONAL, fields=(optional,)),)))
    assert assessment.is_complete


def test_every_requirement_is_explained() -> None:
    passport = document()
    product = replace(ACCOUNTS, data=(*ACCOUNTS.data, replace(PERSONAL, id="tax", condition=RICH)))
    lines = {line.requirement: line for line in assessed(product, documents=[passport]).explained}
    identity, tax = lines["identity_document"], lines["tax"]
    assert (identity.applies, identity.condition) == (True, None)
    assert (identity.satisfied_by, identity.since_ms) == (f"passport {passport.id}", passport.created_at_ms)
    assert lines["proof_of_address"].missing == ("utility_bill",)
    assert lines["personal_information"].satisfied_by == "client"
    assert (tax.applies, tax.condition, tax.missing) == (None, "salary > 100.0", ("salary",))


# ---- conditions -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("salary", "documents", "data"),
    [
        (None, [], {"needed_to_decide": ["salary"]}),
        (50, [], {}),
        (500, ["identity_document"], {"source": ["second_name"]}),
    ],
    ids=["undecided", "false", "true"],
)
def test_a_condition_is_undecided_until_its_attributes_are_known(
    salary: int | None, documents: list[str], data: dict[str, list[str]]
) -> None:
    source = DataRequirement("source", "Source", "", (DataField("second_name", OCCUPATION),), RICH)
    product = offering(documents=(replace(IDENTITY, condition=RICH),), data=(source,))
    given = {} if salary is None else {"salary": salary}
    assert missing(assessed(product, client(profile=profile(attributes=given, second_name=None)))) == (documents, data)


@pytest.mark.parametrize(
    ("salary", "data"),
    [
        (None, {"personal_information": ["occupation"], "needed_to_decide": ["salary"]}),
        (50, {"personal_information": ["occupation"]}),
        (500, {"personal_information": ["occupation", "second_name"]}),
    ],
    ids=["undecided", "false", "true"],
)
def test_one_field_of_a_group_may_have_a_condition(salary: int | None, data: dict[str, list[str]]) -> None:
    fields = (
        DataField("occupation", OCCUPATION),
        DataField("second_name", Field("s", "S", OCCUPATION.data_type), RICH),
    )
    product = offering(documents=(), data=(replace(PERSONAL, fields=fields),))
    given = {} if salary is None else {"salary": salary}
    assert missing(assessed(product, client(profile=profile(attributes=given, second_name=None)))) == ([], data)


def test_a_group_that_waits_for_a_condition_is_not_explained_as_satisfied() -> None:
    product = offering(documents=(), data=(replace(PERSONAL, fields=(DataField("phone", OCCUPATION, RICH),)),))
    (line,) = assessed(product).explained
    assert (line.satisfied_by, line.missing) == (None, ("salary",))


FOR_RESIDENTS = DocumentRequirement(
    "identity", "Identity", "", (Alternative(PASSPORT), Alternative(NATIONAL_ID, IN_ARGENTINA))
)
FOR_THE_RICH = replace(FOR_RESIDENTS, alternatives=(Alternative(PASSPORT, RICH), Alternative(NATIONAL_ID, RICH)))


@pytest.mark.parametrize(
    ("requirement", "country", "salary", "open_ones", "waited_for"),
    [
        (FOR_RESIDENTS, {}, None, ["passport", "national_id"], {}),
        (FOR_RESIDENTS, BRAZILIAN, None, ["passport"], {}),
        (FOR_THE_RICH, {}, 500, ["passport", "national_id"], {}),
        (FOR_THE_RICH, {}, 50, [], {}),
        (FOR_THE_RICH, {}, None, None, {"needed_to_decide": ["salary"]}),
    ],
    ids=["both", "one closed", "both open", "all closed", "all undecided"],
)
def test_alternatives_are_open_by_their_conditions(
    requirement: DocumentRequirement,
    country: dict[str, object],
    salary: int | None,
    open_ones: list[str] | None,
    waited_for: dict[str, list[str]],
) -> None:
    given = {} if salary is None else {"salary": salary}
    assessment = assessed(
        offering(documents=(requirement,), data=()), client(profile=profile(address=country, attributes=given))
    )
    listed = [[kind.id for kind in document.alternatives] for document in assessment.documents]
    assert listed == ([] if open_ones is None else [open_ones])
    assert missing(assessment)[1] == waited_for


def test_an_undecided_alternative_is_not_waited_for_while_another_is_open() -> None:
    mixed = replace(FOR_RESIDENTS, alternatives=(Alternative(PASSPORT), Alternative(NATIONAL_ID, RICH)))
    assessment = assessed(offering(documents=(mixed,), data=()))
    assert [alternative.id for alternative in assessment.documents[0].alternatives] == ["passport"]
    assert assessment.data == ()


# ---- evidence -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("documents", "evidence", "codes"),
    [
        ([document(ms=10), document("national_id", 20)], "national_id", []),
        ([document("national_id", 20), document(ms=10)], "national_id", []),
        ([document(ms=10), document("national_id", 20, metadata={"expiration_date": "2020-01-01"})], "passport", []),
        ([document(status=DocumentStatus.REFUSED)], None, []),
        ([document(status=DocumentStatus.REPLACED)], None, []),
        ([document("utility_bill")], None, []),
        ([document(metadata={"expiration_date": "2020-01-01"})], None, [Code.DOCUMENT_EXPIRED]),
    ],
    ids=["newest", "newest in any order", "newest that serves", "refused", "replaced", "another type", "expired"],
)
def test_the_newest_accepted_document_that_serves_today_is_the_evidence(
    documents: list[Document], evidence: str | None, codes: list[Code]
) -> None:
    assessment = assessed(CARDS, documents=documents)
    assert [document.type for _, document in assessment.evidence] == ([evidence] if evidence else [])
    assert [rejection.code for rejection in assessment.rejections] == codes
    assert assessment.is_complete is (evidence is not None)


def test_a_document_stops_serving_at_utc_midnight_after_its_last_day() -> None:
    documents = [document(metadata={"expiration_date": str(TODAY)})]
    assert assessed(CARDS, documents=documents).is_complete
    assert not assessed(CARDS, documents=documents, today=TODAY + timedelta(days=1)).is_complete


def test_the_issuing_country_is_judged_anew_at_every_read() -> None:
    argentine = Alternative(replace(PASSPORT, issuing_countries=frozenset({"ARG"})))
    product = offering(documents=(replace(IDENTITY, alternatives=(argentine,)),))
    assert assessed(product, documents=[document(metadata={"issuing_country": "ARG"})]).is_complete
    (problem,) = assessed(product, documents=[document(metadata={"issuing_country": "USA"})]).rejections
    assert problem.code is Code.DOCUMENT_NOT_ACCEPTED_FOR_COUNTRY


def test_a_document_whose_alternative_closed_serves_no_more() -> None:
    product, card = offering(documents=(FOR_RESIDENTS,)), [document("national_id")]
    assert assessed(product, documents=card).is_complete
    assessment = assessed(product, client(profile=profile(address=BRAZILIAN)), card)
    assert [rejection.code for rejection in assessment.rejections] == [Code.DOCUMENT_NOT_ACCEPTED_FOR_COUNTRY]
    assert not assessment.is_complete


# ---- refusals, ages, and groups beside the catalogue's --------------------------------------------------------------


def refused(key: str, **changes: object) -> Rejection:
    mark = value_mark(profile(), key)
    return replace(reject(Kind.DATA, key, Code.DATA_INVALID, key), **{"subject": mark, **changes})  # type: ignore[arg-type]


def test_a_refused_value_is_missing_until_it_changes() -> None:
    (phone, name) = (refused("phone"), refused("first_name"))
    assessment = assessed(CARDS, client(refusals=(phone, name)), [document()])
    assert missing(assessment) == ([], {"personal_information": ["phone"], "corrections": ["first_name"]})
    assert assessment.rejections == (phone, name)
    changed = client(profile=profile(first_name="Mary", phone_number=1168860623), refusals=(phone, name))
    assert assessed(CARDS, changed, [document()]).is_complete


def test_a_refused_document_is_told_as_long_as_it_is_the_one() -> None:
    refusal = replace(reject(Kind.DOCUMENT, "passport", Code.IMAGE_BLURRED, "image_front"), subject=document().id)
    bill = replace(refusal, key="utility_bill")
    who = client(refusals=(refusal, bill))
    assert assessed(CARDS, who, [document(status=DocumentStatus.REFUSED)]).rejections == (refusal,)
    assert assessed(CARDS, who, [document(ms=20)]).rejections == ()


@pytest.mark.parametrize(
    ("birth", "today", "day"),
    [
        ("2010-04-16", TODAY, "2028-04-16"),
        ("2008-04-16", TODAY, "2026-04-16"),
        ("2008-04-15", TODAY, None),
        ("2008-02-29", date(2026, 2, 28), "2026-03-01"),
        ("2008-02-29", date(2026, 3, 1), None),
    ],
)
def test_under_the_minimum_age_the_day_is_named(birth: str, today: date, day: str | None) -> None:
    young = client(profile=profile(birth_date=birth))
    assessment = assessed(ACCOUNTS, young, [document(), document("utility_bill", 20)], today)
    assert missing(assessment) == ([], {} if day is None else {"minimum_age": ["birth_date"]})
    for problem in assessment.rejections:
        assert (problem.code, problem.key, problem.retryable) == (Code.UNDERAGE, "birth_date", False)
        assert f"The client must be 18 years old, which is from {day}." == problem.reason
        assert f"from {day}" in problem.action
    assert bool(assessment.rejections) is (day is not None)


def test_a_product_without_a_minimum_age_asks_for_none() -> None:
    assert assessed(CARDS, client(profile=profile(birth_date="2020-01-01")), [document()]).is_complete


def test_no_key_is_listed_twice() -> None:
    young = profile(birth_date="2015-01-01", attributes={})
    marks = [refused(key, subject=value_mark(young, key)) for key in ("birth_date", "salary", "occupation")]
    product = replace(ACCOUNTS, documents=(), data=(PERSONAL, replace(PERSONAL, id="tax", condition=RICH)))
    assessment = assessed(product, client(profile=young, refusals=tuple(marks)))
    assert missing(assessment)[1] == {
        "personal_information": ["occupation"],
        "needed_to_decide": ["salary"],
        "corrections": ["birth_date"],
    }


def test_one_document_serves_every_product_that_takes_its_type() -> None:
    evidence = [assessed(product, documents=[document()]).evidence[0][1] for product in (CARDS, ACCOUNTS)]
    assert evidence == [document(), document()]
    assert missing(assessed(ACCOUNTS, documents=[document()]))[0] == [ADDRESS.id]
