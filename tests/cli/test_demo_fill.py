"""`ostiary demo --fill`: invented cases in a sandbox, once each, and never beside a production company."""

from __future__ import annotations

from ostiary.cli.demo.cases import CASES
from ostiary.cli.demo.fill import COMPANY_NAME
from ostiary.domain.companies.company import Environment
from ostiary.domain.onboarding.enablement import Review
from tests.cli.conftest import Desk


def test_cases_of_every_kind_wait_and_are_made_once(desk: Desk) -> None:
    desk.install()
    first = desk.answer("demo", "--fill")
    assert (first["made"], first["cases"]) == (len(CASES), len(CASES))
    waiting = desk.answer("review", "list")
    assert {each["company"] for each in waiting} == {COMPANY_NAME}
    assert len(waiting) == len(CASES)
    kinds = {each["kind"] for each in waiting}
    assert kinds == {Review.SUBMISSION, Review.CHANGE, Review.SCREENING, Review.CLASH}
    reasons = {reason for each in waiting for reason in each["reasons"]}
    assert reasons >= {
        "name_doubtful",
        "number_doubtful",
        "birth_date_doubtful",
        "expiration_doubtful",
        "lines_not_found",
        "screening_hit",
        "looks_like_another",
        "used_by_another_client",
        "identity_contradicted",
        "client_changed",
    }
    again = desk.answer("demo", "--fill")
    assert (again["made"], again["company_id"]) == (0, first["company_id"])


def test_invented_people_are_not_put_beside_real_ones(desk: Desk) -> None:
    desk.install()
    desk("company", "create", "--name", "Real", "--environment", Environment.PRODUCTION)
    assert "invented cases are not put beside real ones" in desk.refused("demo", "--fill")


def test_another_service_is_not_filled(desk: Desk) -> None:
    done = desk("demo", "--fill", "--url", "http://127.0.0.1:1", "--key", "k")
    assert (done.status, "leave --url and --key out" in done.err) == (2, True)
