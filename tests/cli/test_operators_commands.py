"""`review`, `webhook`, `screening`, `audit`, `migrate`, `copy`: what each shows and changes, and what each refuses."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from ostiary.domain.documents.reading import Reading, Trouble
from ostiary.domain.rejections import Code
from ostiary.storage import opening
from ostiary.usecases.delivery.webhook import subscribe_webhook
from tests.cli.conftest import Desk, prepare
from tests.house import House

ANA = ("--operator", "ana")
URL = "https://partner.example.com/hook"


class NoReader:
    """As where documents are not read at all: every submission goes to a person."""

    def warm(self) -> None:
        pass

    async def read(self, *_: object) -> Reading:
        return Reading(None, trouble=Trouble.UNAVAILABLE)


async def waiting(house: House) -> tuple[str, str, str]:
    """A production company's request that waits for an operator; the ids of company, client and request."""
    await house.do(subscribe_webhook, URL, "key", lambda url, plain: None)
    await house.refresh()
    house.context = replace(house.context, reader=NoReader())
    client_id, request_id = await house.submitted()
    await house.work()
    return house.caller.company.id, client_id, request_id


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, tuple[str, str, str]]:
    """Such an installation, made once: reading a document takes seconds."""
    folder = tmp_path_factory.mktemp("operators") / "data"
    return folder, prepare(folder, waiting, is_real=True)


@pytest.fixture
def ids(desk: Desk, prepared: tuple[Path, tuple[str, str, str]]) -> tuple[str, str, str]:
    shutil.copytree(prepared[0], desk.data)
    return prepared[1]


# ---- review ---------------------------------------------------------------------------------------------------------


def test_what_waits_is_listed_until_it_is_decided(desk: Desk, ids: tuple[str, str, str]) -> None:
    company_id, client_id, request_id = ids
    [waiting] = desk.answer("review", "list")
    assert (waiting["company_id"], waiting["client_id"], waiting["request_id"]) == ids
    assert (waiting["kind"], waiting["company"], waiting["environment"]) == ("submission", "Acme", "production")
    assert waiting["since"] == "2026-04-15T10:30:00"
    assert waiting["waiting_s"] > 0
    table = desk("review", "list", "--company", company_id).out
    assert request_id in table
    assert " d " in table
    assert waiting["reasons"] == ["reader_unavailable"]
    assert waiting["hits"] == 0
    assert "has to look first" in desk.refused("review", "approve", request_id, *ANA)
    desk.answer("review", "show", request_id, *ANA)
    assert "needs a note that says why" in desk.refused("review", "approve", request_id, *ANA)
    assert desk.answer("review", "approve", request_id, *ANA, "--note", "seen") == {
        "request_id": request_id,
        "client_id": client_id,
        "product": "cards_individuals",
        "status": "enabled",
    }
    assert desk("review", "list").out == "Nothing waits for an operator.\n"
    assert desk.answer("review", "list") == []
    assert "InvalidState" not in desk.refused("review", "approve", request_id, *ANA)


def test_a_decision_is_in_the_trail_under_the_operator_s_name(desk: Desk, ids: tuple[str, str, str]) -> None:
    company_id, client_id, request_id = ids
    desk.answer("review", "show", request_id, *ANA)
    assert "reason must not be blank" in desk.refused("review", "reject", request_id, *ANA, "--reason", " ")
    result = desk("review", "reject", request_id, *ANA, "--reason", "Not eligible.")
    assert (result.status, result.out) == (0, f"decided: request {request_id} is rejected\n")
    entries = desk.answer("audit", "show", "--company", company_id, "--client", client_id)
    assert "operator:ana" in {entry["actor"] for entry in entries}
    assert [entry["position"] for entry in entries] == list(range(1, len(entries) + 1))
    verified = desk.answer("audit", "verify")
    assert (verified["intact"], verified["chains"], verified["broken"]) == (True, 2, [])
    assert verified["entries"] >= len(entries)


def test_what_is_sent_back_says_what_to_redo(desk: Desk, ids: tuple[str, str, str]) -> None:
    desk.answer("review", "show", ids[2], *ANA)
    done = desk.answer("review", "return", ids[2], *ANA, "--reason", "image_blurred", "--key", "passport")
    assert done["status"] == "pending_documentation"
    assert [item.split(":")[0] for item in done["to_redo"]] == ["passport"]
    assert "image_blurred" in done["to_redo"][0]


@pytest.mark.parametrize(
    "words",
    [
        ("return", "--reason", "no_such_code"),
        ("return", "--reason", Code.IMAGE_BLURRED.value, "--key", "no_such_thing"),
        ("return", "--reason", Code.SCREENING_HIT.value),
        ("return", "--reason", Code.IMAGE_BLURRED.value, "--text", " "),
        ("assign", "--document", "none", "--to", "none", "--note", "x"),
        ("release", "--document", "none"),
    ],
    ids=" ".join,
)
def test_what_cannot_be_decided_changes_nothing(desk: Desk, ids: tuple[str, str, str], words: tuple[str, ...]) -> None:
    action, *more = words
    desk.refused("review", action, ids[2], *ANA, *more)
    assert [review["request_id"] for review in desk.answer("review", "list")] == [ids[2]]


@pytest.mark.parametrize(
    "words",
    [
        ("review", "show", "none", *ANA),
        ("review", "approve", "none", *ANA),
        ("screening", "clear", "none", "--hit", "3f9a01c2", "--note", "x", *ANA),
        ("find", "--company", "none"),
        ("webhook", "list", "--company", "none"),
        ("webhook", "health", "--company", "none"),
        ("webhook", "test", "--company", "none"),
        ("audit", "show", "--company", "none"),
    ],
    ids=" ".join,
)
def test_what_is_not_there_is_told(desk: Desk, words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ostiary.telemetry.logs.set_up", lambda level: None)
    desk.install()
    assert desk.refused(*words)


def test_looking_saves_pictures_for_the_owner_and_is_noted(
    desk: Desk, ids: tuple[str, str, str], tmp_path: Path
) -> None:
    company_id, client_id, request_id = ids
    shown = desk.answer("review", "show", request_id, *ANA, "--save", tmp_path / "out")
    [path] = map(Path, shown["saved"])
    assert path.name == f"{request_id}-passport-front.jpg"
    assert (path.stat().st_mode & 0o777, path.read_bytes()[:2]) == (0o600, b"\xff\xd8")
    assert (path.parent.stat().st_mode & 0o777) == 0o700
    assert (shown["request"]["id"], shown["client"]["id"], shown["company"]["id"]) == (
        request_id,
        client_id,
        company_id,
    )
    assert (shown["client"]["phone_number"], shown["client"]["phone"]) == (1168860622, "+541168860622")
    again = desk.answer("review", "show", request_id, *ANA, "--save", tmp_path / "out")
    assert (again["saved"], list(path.parent.iterdir())) == ([str(path)], [path])
    assert desk.answer("review", "show", request_id, *ANA)["saved"] == []
    words = desk("review", "show", request_id, *ANA, "--save", tmp_path / "other").out
    assert "These pictures are plain now" in words


# ---- deliveries -----------------------------------------------------------------------------------------------------


def test_deliveries_are_listed_by_state_request_and_number(desk: Desk, ids: tuple[str, str, str]) -> None:
    company = ("--company", ids[0])
    everything = desk.answer("webhook", "list", *company)
    assert len(everything) == 1
    desk.answer("webhook", "test", *company)
    assert desk.answer("webhook", "list", *company, "--limit", "1") != everything
    assert len(both := desk.answer("webhook", "list", *company)) == 2
    assert desk.answer("webhook", "list", *company, "--request", ids[2]) == everything
    assert desk.answer("webhook", "list", *company, "--request", "none") == []
    assert desk.answer("webhook", "list", *company, "--state", "failed") == []
    by_state = [desk.answer("webhook", "list", *company, "--state", state) for state in ("pending", "delivered")]
    assert sorted(message["id"] for each in by_state for message in each) == sorted(message["id"] for message in both)
    assert desk("webhook", "list", *company, "--state", "failed").out == "There is no such delivery.\n"


def test_a_delivery_is_shown_with_its_tries_and_sent_again(desk: Desk, ids: tuple[str, str, str]) -> None:
    company = ("--company", ids[0])
    [done] = desk.answer("webhook", "list", *company, "--state", "delivered")
    shown = desk.answer("webhook", "show", done["id"], *company)
    assert [attempt["status"] for attempt in shown["attempts"]] == [200]
    words = desk("webhook", "show", done["id"], *company).out
    assert json.loads(words[words.index("\n{") :]) == shown["payload"]
    again = desk("webhook", "redeliver", done["id"], *company).out
    assert again.startswith(f"{done['id']} is due now; `ostiary webhook show")
    assert desk.answer("webhook", "list", *company, "--state", "delivered") == []
    desk.refused("webhook", "redeliver", "none", *company)
    desk.refused("webhook", "show", "none", *company)
    other = desk.answer("company", "create", "--name", "Other", "--environment", "sandbox")["company_id"]
    desk.refused("webhook", "show", done["id"], "--company", other)


def test_how_an_endpoint_does(desk: Desk, ids: tuple[str, str, str]) -> None:
    health = desk.answer("webhook", "health", "--company", ids[0])
    assert (health["url"], health["state"]) == (URL, "working")
    assert desk("webhook", "health", "--company", ids[0]).out.startswith(f"{URL}: state working")
    other = desk.answer("company", "create", "--name", "Other", "--environment", "sandbox")["company_id"]
    assert desk("webhook", "health", "--company", other).out.startswith("no address: state untried")
    desk.refused("webhook", "test", "--company", other)


# ---- the installation -----------------------------------------------------------------------------------------------


def test_migrating_says_from_where_to_where_once(desk: Desk) -> None:
    first = desk.answer("migrate")
    assert (first["from"], first["to"], first["changed"], first["finished"]) == (None, opening.FINISHED, True, True)
    path = desk.data / opening.FILE_NAME
    assert desk("migrate").out == f"{path}: already at schema {opening.FINISHED}\n"
    assert desk.answer("migrate", "--finish")["changed"] is False


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--from", "{here}", "--to", "{here}"), "Source and target are the same database."),
        (("--from", "sqlite:///nowhere/x", "--to", "{here}"), "There is no installation at /nowhere/x."),
        (("--from", "mysql://x/y", "--to", "{here}"), "sqlite:///absolute/path"),
        (("--from", "{here}", "--to", "nonsense"), "sqlite:///absolute/path"),
        (("--from", "{here}", "--to", "{there}", "--files-from", "file:///x"), "--files-from and --files-to belong"),
        (("--from", "{here}", "--to", "{there}", "--files-to", "file:///x"), "--files-from and --files-to belong"),
    ],
)
def test_what_cannot_be_copied_says_why(desk: Desk, tmp_path: Path, words: tuple[str, ...], expected: str) -> None:
    desk.install()
    places = {"here": f"sqlite:///{desk.data / opening.FILE_NAME}", "there": f"sqlite://{tmp_path / 'there.db'}"}
    assert expected in desk.refused("copy", *(word.format(**places) for word in words))


def test_a_copy_is_told_of_and_an_old_source_is_refused(desk: Desk, ids: tuple[str, str, str], tmp_path: Path) -> None:
    words = ("copy", "--from", f"sqlite://{desk.data / opening.FILE_NAME}", "--to", f"sqlite://{tmp_path / 'there.db'}")
    first = desk.answer(*words)
    assert (first["written"], first["removed"], first["same"]) == (first["rows"], 0, True)
    assert (first["chains"], first["broken_chains"], first["pictures"]) == (2, 0, 0)
    assert desk.answer(*words)["written"] == 0
    output = desk(*words).out
    assert f"{first['rows']} rows, 0 of them written now and 0 removed" in output
    assert f"OSTIARY_DATABASE_URL=sqlite://{tmp_path / 'there.db'} " in output, "as the setting takes it"
