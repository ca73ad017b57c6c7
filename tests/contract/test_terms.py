"""Terms by the API: shown as missing in the documented form, read, accepted, listed and proved."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from ostiary.adapters.config import catalogue_file
from ostiary.app import Installation
from ostiary.domain.review.verdicts import Decision
from ostiary.usecases.catalogue.publish import PublicationWish, list_publications, publish, publisher
from ostiary.usecases.lifecycle.backfill import date_requests
from ostiary.usecases.transaction import execute
from tests.contract.partner import CLIENTS, Json, Partner, partnered, refusal
from tests.http.running import installation
from tests.terms import ENGLISH, SPANISH, body, hash_of, write

TERMS = "/management/terms/rules"


@pytest.fixture(scope="module")
def with_terms(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder: Path = tmp_path_factory.mktemp("terms")
    with installation(folder, OSTIARY_CATALOGUE=str(write(folder))) as parts:
        yield parts


@pytest.fixture
async def paying(with_terms: Installation) -> AsyncIterator[Partner]:
    async with partnered(with_terms) as partner:
        yield partner


async def asked(partner: Partner) -> tuple[str, str, Json]:
    """A client's address, and its request's with the request."""
    client = await partner.client()
    address = f"{CLIENTS}/{client['id']}"
    request = await partner.ok(
        "POST", f"{address}/products?expand=next_action,terms,explain", {"subproduct": "pay"}, 201
    )
    return address, f"{address}/products/{request['id']}", request


async def test_missing_terms_are_missing_data_in_the_documented_form(paying: Partner) -> None:
    _, at, request = await asked(paying)
    group = {
        "id": "terms",
        "name": "Terms",
        "description": "The client has to accept these",
        "required": True,
        "fields": [{"key": "rules", "data_type": "BOOLEAN", "required": True}],
    }
    assert request["missing_requirements"] == {"documents": [], "data": [group]}
    assert request["next_action"]["action"] == "accept_terms"
    assert request["explain"] == [{"requirement": "rules", "applies": True, "missing": ["rules"]}]
    texts = [{"language": tag, "sha256": hash_of(text)} for tag, text in (("en", ENGLISH), ("es", SPANISH))]
    assert request["terms"] == [{"id": "rules", "name": "Rules", "version": "v1", "texts": texts}]
    assert "terms" not in await paying.read(at)


async def test_what_is_asked_is_said_in_the_language_that_is_wished(paying: Partner) -> None:
    _, at, _ = await asked(paying)
    answer = await paying.call("GET", f"{at}?expand=terms,next_action", headers={"accept-language": "es"})
    assert answer.json()["terms"][0]["name"] == "Reglas"
    [group] = answer.json()["missing_requirements"]["data"]
    assert group["name"] == "Términos"


async def test_a_text_is_read_and_accepted_and_proved(paying: Partner) -> None:
    address, at, _ = await asked(paying)
    spanish = await paying.ok("GET", f"{TERMS}?language=es")
    assert (spanish["text"], spanish["sha256"], spanish["name"]) == (SPANISH, hash_of(SPANISH), "Reglas")
    assert (spanish["language"], spanish["languages"]) == ("es", ["en", "es"])
    acceptance = await paying.ok("POST", f"{address}/terms", body(language="es", text=SPANISH))
    expected = body(language="es", text=SPANISH)
    assert acceptance == expected | {"id": acceptance["id"], "recorded_at": acceptance["recorded_at"]}
    assert await paying.ok("POST", f"{address}/terms", body(language="es", text=SPANISH)) == acceptance
    assert await paying.ok("GET", f"{address}/terms") == [acceptance]
    proof = await paying.ok("GET", f"{address}/terms/{acceptance['id']}")
    assert (proof["acceptance"], proof["text"], proof["name"]) == (acceptance, SPANISH, "Rules")
    assert proof["audit_entry"]["codes"] == ["rules", "v1", "es", hash_of(SPANISH)]
    explained = (await paying.ok("GET", f"{at}?expand=explain"))["explain"]
    assert explained[0]["satisfied_by"] == f"terms {acceptance['id']}"
    assert (await paying.ok("POST", f"{at}/submit"))["product"]["status"] == "in_kyc"


async def test_an_earlier_text_is_read_by_its_hash(paying: Partner) -> None:
    assert (await paying.ok("GET", f"{TERMS}?sha256={hash_of(SPANISH).upper()}"))["text"] == SPANISH
    assert refusal(await paying.call("GET", f"{TERMS}?sha256={'0' * 64}")) == (404, "NOT_FOUND")
    assert refusal(await paying.call("GET", "/management/terms/none")) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"terms_id": "rule"}, "terms_id"), ({"sha256": "0" * 64}, "sha256"), ({"version": "v2"}, "version"),
        ({"language": "es"}, "language"), ({"channel": "hosted_page"}, "channel"), ({"ip_address": "1"}, "ip_address"),
        ({"user_agent": None}, "user_agent"), ({"accepted_at": "yesterday"}, "accepted_at"),
        ({"accepted_by": {"name": "Maria", "capacity": "friend"}}, "accepted_by.capacity"),
    ],
)  # fmt: skip
async def test_what_is_wrong_is_told(paying: Partner, changes: Json, field: str) -> None:
    address, _, _ = await asked(paying)
    answer = await paying.call("POST", f"{address}/terms", body(**changes))
    assert refusal(answer) == (412, "VALIDATION_FAILED")
    assert [fault["field"] for fault in answer.json()["details"]] == [field]


async def test_a_paper_has_no_address(paying: Partner) -> None:
    address, _, _ = await asked(paying)
    paper = {name: value for name, value in body(channel="paper").items() if name not in ("ip_address", "user_agent")}
    acceptance = await paying.ok("POST", f"{address}/terms", paper)
    assert not {"ip_address", "user_agent"} & acceptance.keys()


async def test_what_another_company_s_client_accepted_is_not_there(paying: Partner, with_terms: Installation) -> None:
    address, _, _ = await asked(paying)
    acceptance = await paying.ok("POST", f"{address}/terms", body())
    async with partnered(with_terms) as stranger:
        for path in (f"{address}/terms", f"{address}/terms/{acceptance['id']}"):
            assert refusal(await stranger.call("GET", path)) == (404, "NOT_FOUND")
        assert refusal(await stranger.call("POST", f"{address}/terms", body())) == (404, "NOT_FOUND")
    assert refusal(await paying.call("GET", f"{address}/terms/{'0' * 32}")) == (404, "NOT_FOUND")


async def test_the_catalogue_shows_terms(paying: Partner) -> None:
    [product] = (await paying.ok("GET", "/management/products"))["products"]
    [shown] = product["terms"]
    assert (shown["id"], shown["version"], [text["language"] for text in shown["texts"]]) == (
        "rules",
        "v1",
        ["en", "es"],
    )


# ---- a later version, on a sandbox's clock ----


async def test_a_year_with_a_new_version(tmp_path: Path) -> None:
    """Accepted and enabled; another version is published with a day, told of before, asked for on it, and accepted."""
    with installation(tmp_path, OSTIARY_CATALOGUE=str(write(tmp_path))) as parts:
        async with partnered(parts) as partner:
            await subscribed(partner)
            address, at, _ = await asked(partner)
            await partner.ok("POST", f"{address}/terms", body())
            await partner.submit(at)
            await partner.judge(at, Decision.APPROVE)
            await next_version(partner, parts, tmp_path)
            before = await partner.read(at, "future_requirements,renewal,next_action")
            [coming] = before["future_requirements"]
            assert (coming["starts_on"], [group["id"] for group in coming["data"]]) == ("2026-06-01", ["terms"])
            assert ("renewal" in before, before["next_action"]["action"]) == (False, "none")
            clock = await partner.ok("POST", "/management/sandbox/clock", {"advance": "P47D"})
            assert clock["now"].startswith("2026-06-01")
            product = await partner.read(at, "renewal,terms,next_action,future_requirements")
            renewal = product["renewal"]
            assert (product["status"], renewal["reasons"]) == ("enabled", ["requirement_in_force"])
            assert renewal["due_at"] == "2026-08-30T23:59:59"
            assert [group["id"] for group in renewal["missing_requirements"]["data"]] == ["terms"]
            assert [each["version"] for each in product["terms"]] == ["v2"]
            assert (product["next_action"]["action"], product["future_requirements"]) == ("accept_terms", [])
            due = await partner.ok("GET", f"{CLIENTS}/renewals?due_before=2026-12-31")
            assert [each["product_request_id"] for each in due] == [product["id"]]
            later = body("v2", text=MORE) | {"accepted_at": "2026-06-01T10:30:00"}
            await partner.ok("POST", f"{address}/terms", later)
            after = await partner.read(at, "renewal,next_action,future_requirements")
            assert ("renewal" in after, after["next_action"]["action"]) == (False, "none")
            await partner.rounds()
            assert [each["event_type"] for each in partner.endpoint.bodies()] == ["renewal_opened", "renewal_completed"]


MORE = "You may pay more."


async def subscribed(partner: Partner) -> None:
    events = ["renewal_opened", "renewal_due_soon", "renewal_completed"]
    given = {"url": "https://partner.example/hooks", "webhook_key": "k", "event_types": events}
    await partner.ok("POST", "/management/companies/webhook/subscribe", given)


async def next_version(partner: Partner, parts: Installation, folder: Path) -> None:
    """Published as by `ostiary catalogue publish`; then the worker's round."""
    later = catalogue_file.load(write(folder, "v2", {"en": MORE}, re_accept="{by: 2026-06-01}"))
    caller = await publisher(partner.context, "olga", needs_two=False)
    wish = PublicationWish("Higher limits")
    await execute(partner.context, caller, lambda: publish(partner.context, caller, later, wish, needs_two=False))
    parts.catalogues.follow(await list_publications(partner.context))
    company = (await partner.operator()).company
    assert await date_requests(partner.context, company, "pay", "") is None
