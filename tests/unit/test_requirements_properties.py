"""What is missing, over invented products, clients and documents: what holds whatever is asked and sent."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from ostiary.domain.catalogue.catalogue import (
    Alternative,
    Condition,
    DataField,
    DataRequirement,
    DocumentRequirement,
    Product,
)
from ostiary.domain.clients.client import Client, attribute_value, value_mark
from ostiary.domain.documents.document import Document, DocumentStatus
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.onboarding.next_action import Owner, next_action
from ostiary.domain.onboarding.requirements import Assessment, AssessmentInput, assess
from ostiary.domain.rejections import Code, Kind, reject
from tests.depth import deep
from tests.material import (
    ATTRIBUTES,
    BILL,
    IN_ARGENTINA,
    NATIONAL_ID,
    OCCUPATION,
    PASSPORT,
    RICH,
    SALARY,
    TODAY,
    client,
    document,
    enablement,
    profile,
)

TYPES = (PASSPORT, NATIONAL_ID, BILL)
CONDITIONS: tuple[Condition | None, ...] = (None, None, IN_ARGENTINA, RICH)
KEYS = {"phone": OCCUPATION, "occupation": OCCUPATION, "salary": SALARY, "second_name": OCCUPATION}
conditions = st.sampled_from(CONDITIONS)
FEWER = settings(max_examples=deep(25, 100))
"""Making a case takes longer than assessing it."""


@dataclass(frozen=True)
class Case:
    """One invented situation."""

    product: Product
    client: Client
    documents: tuple[Document, ...]

    def assessed(self, *more: Document, who: Client | None = None, days: int = 0) -> Assessment:
        today = TODAY + timedelta(days=days)
        return assess(AssessmentInput(self.product, ATTRIBUTES, who or self.client, (*self.documents, *more), today))


@st.composite
def products(draw: st.DrawFn, conditions: st.SearchStrategy[Condition | None] = conditions) -> Product:
    """Every type serves one requirement at most, and one alternative of each is open to everybody."""
    types = draw(st.permutations(TYPES))
    cut = draw(st.integers(0, 3))
    groups = [group for group in (types[:cut], types[cut:]) if group]
    documents = tuple(
        DocumentRequirement(
            f"requirement{number}",
            "One of them",
            "",
            tuple(Alternative(kind, draw(conditions) if at else None) for at, kind in enumerate(kinds)),
            draw(conditions),
        )
        for number, kinds in enumerate(groups[: draw(st.integers(0, 2))])
    )
    keys = draw(st.lists(st.sampled_from(sorted(KEYS)), unique=True, max_size=4))
    fields = tuple(DataField(key, KEYS[key], draw(conditions)) for key in keys)
    data = (DataRequirement("details", "Details", "", fields, draw(conditions)),) if fields else ()
    return Product("invented", "Invented", "", documents, data, draw(st.sampled_from([None, None, 18, 42])))


@st.composite
def cases(draw: st.DrawFn) -> Case:
    attributes: dict[str, str | int | float | bool] = {}
    if draw(st.booleans()):
        attributes["occupation"] = "Teacher"
    if (salary := draw(st.sampled_from([None, "99.0", "100.01"]))) is not None:
        attributes["salary"] = salary
    person = profile(
        attributes=attributes,
        second_name=draw(st.sampled_from([None, "Julia"])),
        phone_number=draw(st.sampled_from([None, 1168860622])),
        address={"country": draw(st.sampled_from(["ARG", "BRA"]))},
        birth_date=draw(st.sampled_from(["1984-11-21", "1984-04-15", "1984-04-16", "2009-01-01"])),
    )
    refused = draw(st.sets(st.sampled_from(["phone", "occupation", "first_name"]), max_size=2))
    refusals = tuple(
        replace(reject(Kind.DATA, key, Code.DATA_INVALID, key), subject=value_mark(person, key))
        for key in sorted(refused)
    )
    documents = draw(st.lists(invented_documents(), max_size=4))
    taken = tuple(replace(given, id=document(ms=at).id) for at, given in enumerate(documents, 1))
    return Case(draw(products()), client(profile=person, refusals=refusals), taken)


@st.composite
def invented_documents(draw: st.DrawFn) -> Document:
    details: dict[str, object] = {"number": "AB1234567"}
    if (days := draw(st.sampled_from([None, -1, 0, 1, 400]))) is not None:
        details["expiration_date"] = str(TODAY + timedelta(days=days))
    kind = draw(st.sampled_from([kind.id for kind in TYPES]))
    return document(kind, metadata=details, status=draw(st.sampled_from(DocumentStatus)))


def missing_documents(assessment: Assessment) -> set[str]:
    return {document.requirement.id for document in assessment.documents}


def missing_keys(assessment: Assessment) -> list[str]:
    return [field.key for group in assessment.data for field in group.fields]


@FEWER
@given(cases())
def test_nothing_is_missing_exactly_when_submitting_is_what_comes_next(case: Case) -> None:
    assessment = case.assessed()
    step = next_action(enablement(Status.PENDING_DOCUMENTATION), assessment)
    assert (step.action == "submit") is assessment.is_complete is (step.missing == ())
    assert step.owner is Owner.COMPANY
    assert set(step.missing) == missing_documents(assessment) | set(missing_keys(assessment))


@FEWER
@given(cases())
def test_a_requirement_is_missing_served_or_does_not_apply_and_never_two_of_these(case: Case) -> None:
    assessment = case.assessed()
    served = {requirement for requirement, _ in assessment.evidence}
    assert not missing_documents(assessment) & served
    lines = {line.requirement: line for line in assessment.explained}
    for requirement in case.product.documents:
        line = lines[requirement.id]
        assert (line.applies is True) is (requirement.id in missing_documents(assessment) | served)
        assert (line.satisfied_by is not None) is (requirement.id in served)
        if line.applies is None:
            assert set(line.missing) <= set(missing_keys(assessment))  # who must decide it is asked for what it takes


@FEWER
@given(cases())
def test_what_serves_is_accepted_of_an_open_type_valid_today_and_the_newest_such(case: Case) -> None:
    assessment = case.assessed()
    for requirement_id, serving in assessment.evidence:
        requirement = next(document for document in case.product.documents if document.id == requirement_id)
        assert serving.status is DocumentStatus.ACCEPTED
        assert requirement.accepts(serving.type)
        until = serving.metadata.get("expiration_date")
        assert until is None or str(until) >= str(TODAY)
        newer = [document for document in case.documents if document.id > serving.id and document.type == serving.type]
        for another in newer:
            assert another.status is not DocumentStatus.ACCEPTED or str(another.metadata["expiration_date"]) < str(
                TODAY
            )


@FEWER
@given(cases(), st.sampled_from(TYPES))
def test_a_good_document_more_never_makes_anything_missing(case: Case, kind: object) -> None:
    more = document(getattr(kind, "id", ""), ms=500, metadata={"number": "X1"})
    before, after = case.assessed(), case.assessed(more)
    assert missing_documents(after) <= missing_documents(before)
    assert missing_keys(after) == missing_keys(before)
    assert not before.is_complete or after.is_complete


@FEWER
@given(cases())
def test_with_every_missing_document_sent_no_document_is_missing(case: Case) -> None:
    more = [
        document(requirement.alternatives[0].id, ms=600 + at, metadata={"number": f"X{at}"})
        for at, requirement in enumerate(case.assessed().documents)
    ]
    assert case.assessed(*more).documents == ()


@FEWER
@given(cases(), st.integers(0, 3))
def test_a_document_that_is_not_accepted_changes_nothing(case: Case, at: int) -> None:
    statuses = (DocumentStatus.REFUSED, DocumentStatus.REPLACED)
    more = document(TYPES[at % 3].id, ms=500, status=statuses[at % 2])
    before, after = case.assessed(), case.assessed(more)
    assert (after.documents, after.data, after.evidence) == (before.documents, before.data, before.evidence)


@FEWER
@given(cases())
def test_the_order_in_which_documents_are_loaded_does_not_matter(case: Case) -> None:
    backwards = replace(case, documents=case.documents[::-1])
    assert backwards.assessed() == case.assessed()


@FEWER
@given(cases())
def test_no_key_is_asked_for_twice_and_none_that_is_there_and_good(case: Case) -> None:
    keys = missing_keys(case.assessed())
    assert len(keys) == len(set(keys))
    refused = {refusal.key for refusal in case.client.refusals}
    for key in keys:
        absent = attribute_value(case.client.profile, key) is None
        assert absent or key in refused or key == "birth_date"


@FEWER
@given(cases())
def test_a_refused_value_is_asked_for_until_it_is_another_one(case: Case) -> None:
    asked = set(missing_keys(case.assessed()))
    assert {refusal.key for refusal in case.client.refusals} <= asked | {"phone", "occupation"}
    profile_ = case.client.profile
    mended = replace(
        case.client,
        profile=replace(
            profile_,
            first_name="Mary",
            phone_number=1168860699,
            attributes={**profile_.attributes, "occupation": "Baker"},
        ),
    )
    assessment = case.assessed(who=mended)
    assert not {"first_name", "phone", "occupation"} & set(missing_keys(assessment))
    assert all(
        rejection.kind is not Kind.DATA or rejection.code is Code.UNDERAGE for rejection in assessment.rejections
    )


@FEWER
@given(cases(), st.integers(0, 800))
def test_as_days_go_by_documents_only_stop_serving(case: Case, days: int) -> None:
    now, later = case.assessed(), case.assessed(days=days)
    assert missing_documents(now) <= missing_documents(later)


@FEWER
@given(cases())
def test_groups_of_the_service_come_after_the_catalogues_and_are_never_empty(case: Case) -> None:
    groups = case.assessed().data
    own = [group.id for group in groups if group.id != "details"]
    assert [group.id for group in groups][-len(own) or len(groups) :] == own
    assert own == [key for key in ("needed_to_decide", "corrections", "minimum_age") if key in own]
    assert all(group.fields and group.name for group in groups)


@FEWER
@given(cases())
def test_asking_twice_gives_the_same_answer(case: Case) -> None:
    assert case.assessed() == case.assessed()
