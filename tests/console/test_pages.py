"""Every page is shown to who may see it, and says what to do where there is nothing."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from ostiary.console import cycle
from ostiary.console.application import PEOPLE_OF_AN_ADDRESS
from ostiary.domain.operators.operator import Role
from ostiary.storage.opening import database_path
from tests.console.desk import Desk, desk_of, text_of
from tests.http.running import installation

PLACES = ("/console/companies", "/console/operators", "/console/operators-trail", "/console/about", "/console/sessions")


async def test_an_admin_sees_every_page_of_the_menu(desk: Desk) -> None:
    admin = await desk.signed_in("Ada of pages")
    for place in PLACES:
        page = await admin.get(place)
        assert page.status_code == 200, place
        assert "Ada of pages" in text_of(page)
        assert page.text.count("<h1") == 1


async def test_two_admins_at_one_company_both_succeed(desk: Desk) -> None:
    """Whose page was open while somebody else changed the company is not told that it is not possible."""
    first, second = await desk.signed_in("Ada at once"), await desk.signed_in("Bea at once")
    company = await desk.company("Acme at once")
    place = f"/console/companies/{company.id}/keys"
    answers = await asyncio.gather(*(visitor.post(place, {"level": "1"}) for visitor in (first, second) * 4))
    assert [answer.status_code for answer in answers] == [200] * 8


async def test_a_key_is_made_shown_once_and_revoked(desk: Desk) -> None:
    admin, company = await desk.signed_in("Ada of keys"), await desk.company("Acme of keys")
    place = f"/console/companies/{company.id}"
    fields = {"level": "3", "allow": "203.0.113.0/24, 198.51.100.0/24", "until": "2199-01-31"}
    made_page = await admin.post(f"{place}/keys", fields)
    [secret] = re.findall(r"osk_[0-9A-Za-z]{32}_[0-9a-f]{64}", made_page.text)
    page = await admin.get(place)
    assert secret not in page.text
    assert "203.0.113.0/24, 198.51.100.0/24" in text_of(page)
    assert "1 Feb 2199, 00:00 UTC" in text_of(page), "the end of that day"
    [key_id] = re.findall(r"keys/([0-9A-Za-z]{32})/revoke", page.text)
    called = await desk.visitor().get("/management/clients/individuals", headers={"x-api-key": secret})
    assert called.status_code == 401, "it is for other networks"
    assert (await admin.post(f"{place}/keys/{key_id}/revoke")).headers["location"] == f"{place}?notice=key_revoked"
    assert "revoked" in text_of(await admin.get(place))


@pytest.mark.parametrize(("fields", "words"), [
    ({"level": ""}, "choose a level"), ({"level": "2"}, "choose a level"),
    ({"level": "1", "allow": "here"}, "here is not a network"),
    ({"level": "1", "until": "2001-01-01"}, "a day from today on"),
    ({"level": "1", "until": "soon"}, "a day from today"),
    ({"level": "1", "until": "9999-12-31"}, "a day from today"),
])  # fmt: skip
async def test_what_is_wrong_with_a_key_is_said_beside_its_field(
    desk: Desk, fields: dict[str, str], words: str
) -> None:
    admin = await desk.signed_in(f"Ada of {sorted(fields.items())}")
    company = await desk.company("Acme of faults")
    answer = await admin.post(f"/console/companies/{company.id}/keys", fields)
    assert answer.status_code == 400
    assert words in text_of(answer)


@pytest.mark.parametrize(("fields", "words"), [
    ({"name": "", "role": "viewer", "reach": "all"}, "must not be blank"),
    ({"name": "Ada of operators", "role": "viewer", "reach": "all"}, "is an operator's already"),
    ({"name": "Ada\u00a0of nowhere", "role": "viewer", "reach": "all"}, "use plain letters"),
    ({"name": "New", "role": "owner", "reach": "all"}, "choose a role"),
    ({"name": "New", "role": "viewer", "reach": "some"}, "choose all companies, or at least one"),
    ({"name": "New", "role": "viewer", "reach": "some", "companies": "0" * 32}, "there is no company"),
])  # fmt: skip
async def test_what_is_wrong_with_an_operator_is_said(desk: Desk, fields: dict[str, str], words: str) -> None:
    admin = await desk.signed_in("Ada of operators" if "already" in words else f"Ada, {words}")
    answer = await admin.post("/console/operators", fields)
    assert answer.status_code == 400
    assert words in text_of(answer)


async def test_a_name_that_reads_like_another_is_taken(desk: Desk) -> None:
    admin = await desk.signed_in("Ada alike")
    for name in ("ADA ALIKE", "Ada  alike", "Ada al\u3164ike", "Ada alik\ufe0fe"):
        answer = await admin.post("/console/operators", {"name": name, "role": "viewer", "reach": "all"})
        assert "is an operator's already" in text_of(answer), ascii(name)


async def test_an_operator_is_changed_disabled_and_let_in_again(desk: Desk) -> None:
    admin, company = await desk.signed_in("Ada of changes"), await desk.company("Acme of changes")
    other = await desk.signed_in("Otto of changes", Role.VIEWER)
    assert other.operator is not None
    place = f"/console/operators/{other.operator.id}"
    await admin.post(f"{place}/rights", {"role": "approver", "reach": "some", "companies": company.id})
    assert re.search(r'value="approver" checked', (await admin.get(place)).text)
    assert (await other.get(f"/console/companies/{company.id}/audit")).status_code == 200
    assert "disabled" in (await admin.post(f"{place}/disable")).headers["location"]
    assert "Let in again" in text_of(await admin.get(place))
    assert "enabled" in (await admin.post(f"{place}/enable")).headers["location"]
    again = desk.visitor(await desk.session(other.operator))
    assert (await again.get("/console/companies")).status_code == 200
    await admin.post(f"{place}/sessions")
    assert (await again.get("/console/companies")).status_code == 303
    trail = text_of(await admin.get("/console/operators-trail"))
    for words in ("operator changed", "operator disabled", "operator enabled", "session ended"):
        assert words in trail


async def test_a_trail_is_shown_verified_and_given_as_files(desk: Desk) -> None:
    admin, company = await desk.signed_in("Ada of trails", Role.APPROVER), await desk.company("Acme of trails")
    place = f"/console/companies/{company.id}/audit"
    page = text_of(await admin.get(place))
    assert "1 entry, checked just now: each is as it was written" in page
    as_csv, as_json = await admin.get(f"{place}.csv"), await admin.get(f"{place}.json")
    assert as_csv.headers["content-disposition"] == 'attachment; filename="audit.csv"'
    assert as_csv.text.splitlines()[1].startswith("1,")
    assert [entry["action"] for entry in as_json.json()] == ["company_created"]
    assert (await admin.get(f"{place}?client={'0' * 32}")).status_code == 404
    assert (await admin.get(f"{place}?client=x")).status_code == 404


async def test_a_broken_trail_is_said_loudly(desk: Desk) -> None:
    admin, company = await desk.signed_in("Ada of damage"), await desk.company("Acme of damage")
    database = database_path(desk.parts.settings.database_url, desk.parts.settings.data_dir)
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.execute("UPDATE audit_entries SET actor = 'nobody' WHERE owner = ?", (company.id,))
    page = text_of(await admin.get(f"/console/companies/{company.id}/audit"))
    assert "Broken: entry 1 was changed" in page


async def test_where_there_is_nothing_it_is_said_what_to_do(desk: Desk) -> None:
    admin, company = await desk.signed_in("Ada of nothing"), await desk.company("Acme of nothing")
    place = f"/console/companies/{company.id}"
    assert "No key yet, so the company cannot call the API. Make one below." in text_of(await admin.get(place))
    assert "The company has no webhook" in text_of(await admin.get(f"{place}/deliveries"))
    assert "None like that" in text_of(await admin.get(f"{place}/deliveries?state=failed"))
    viewer = await desk.signed_in("Vic of nothing", Role.VIEWER, company.id)
    assert "An admin makes one." in text_of(await viewer.get(place))


async def test_what_is_no_id_is_not_there(desk: Desk) -> None:
    admin, company = await desk.signed_in("Ada of ids"), await desk.company("Acme of ids")
    for path in (
        "/console/companies/x",
        f"/console/companies/{company.id}/deliveries/x",
        "/console/operators/x",
        f"/console/companies/{company.id}/deliveries/{'0' * 32}",
        f"/console/companies/{'0' * 32}",
    ):
        assert (await admin.get(path)).status_code == 404, path
    assert (await admin.post(f"/console/companies/{company.id}/deliveries/x/redeliver")).status_code == 404


async def test_what_breaks_on_our_side_says_its_number_and_nothing_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = await desk.signed_in("Ada of breaks")

    def fails(template: str, *values: object) -> bytes:
        if template == "about.html":
            raise RuntimeError("secret of the house")
        return whole(template, *values)

    whole: Callable[..., bytes] = desk.console.rendering.html
    monkeypatch.setattr(desk.console.rendering, "html", fails)
    answer = await admin.get("/console/about")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.headers["x-trace-id"] in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


async def test_too_many_requests_of_one_address_are_told_to_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted before anything is looked at. All are of one second, however long it takes."""
    monkeypatch.setattr(cycle, "steady_ms", lambda: 1_000)
    with installation(tmp_path, OSTIARY_RATE_LIMIT_PER_SECOND="2") as parts:
        async with desk_of(parts) as desk:
            visitor, most = desk.visitor(), 2 * PEOPLE_OF_AN_ADDRESS
            answers = await asyncio.gather(*(visitor.get("/console/sign-in") for _ in range(most + 10)))
            refused = [answer for answer in answers if answer.status_code == 429]
            assert len(refused) == 10
            assert "Wait a moment" in refused[0].text
            assert int(refused[0].headers["retry-after"]) == 1
            page = await visitor.get(desk.console.static.address("console.css"))
            assert page.status_code == 200, "style is not counted"


async def test_forms_by_which_somebody_tries_to_get_in_are_fewer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cycle, "steady_ms", lambda: 1_000)
    with installation(tmp_path, OSTIARY_RATE_LIMIT_PER_SECOND="2") as parts:
        async with desk_of(parts) as desk:
            visitor = desk.visitor()
            given = {"form_token": await visitor.form_token("/console/sign-in"), "name": "x"}
            answers = await asyncio.gather(*(visitor.post("/console/sign-in", given) for _ in range(6)))
            told_to_wait = [answer for answer in answers if "Too many requests" in answer.text]
            assert len(told_to_wait) == 4
