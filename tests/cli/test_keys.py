"""`ostiary keys`: what it lists, wraps anew and retires, and what `doctor` says of master keys."""

from __future__ import annotations

import base64
import sqlite3
from contextlib import closing

import pytest

from ostiary.adapters import clock
from ostiary.adapters.crypto.keyring import Keyring
from ostiary.cli.doctor.lookup_keys import lookup_keys
from ostiary.cli.doctor.master_keys import OLD_MS, master_keys
from ostiary.cli.keys import lookups
from ostiary.storage import opening
from ostiary.storage.sqlite.engine import SqliteBlocking
from tests.cli.conftest import Desk, prepare
from tests.house import House

SECOND, THIRD = bytes(range(40, 72)), bytes(range(80, 112))


async def founded(house: House) -> str:
    for name in ("ana", "bea"):
        await house.client(email=f"{name}@example.com")
    return house.caller.company.id


def first_key(desk: Desk) -> str:
    return (desk.data / "master.key").read_text().strip()


def ring(desk: Desk, *, old: bool = True) -> str:
    newer = f"2:{base64.b64encode(SECOND).decode()}"
    return f"1:{first_key(desk)},{newer}" if old else newer


@pytest.fixture
def company(desk: Desk) -> str:
    return prepare(desk.data, founded)


def test_everything_comes_under_the_new_key_and_the_old_one_is_retired(desk: Desk, company: str) -> None:
    both = {"master_key": ring(desk)}
    [first, second] = desk.answer("keys", "list", **both)["keys"]
    assert (first["protects"]["client"], first["protects"]["company"] >= 1, first["newest"]) == (2, True, False)
    assert (second["protects"], second["newest"]) == ({"installation": 0, "company": 0, "client": 0}, True)
    assert first["age_seconds"] >= second["age_seconds"] >= 0

    needed = desk("keys", "retire", "1", **both)
    assert needed.status == 1
    assert "Master key 1 is needed by" in needed.out
    assert "2 clients" in needed.out
    assert "ostiary keys rewrap" in needed.out

    done = desk.answer("keys", "rewrap", **both)
    assert done["rewrapped"]["client"] == 2
    assert (done["older"], done["unopened"], done["newest"]) == (0, 0, 2)
    assert "next: ostiary keys retire NUMBER" in desk("keys", "rewrap", "--hurry", **both).out

    assert desk.answer("keys", "retire", "1", "--operator", "ana", **both)["retired"] is True
    entries = desk.answer("audit", "show", "--operators", **both)
    assert [(entry["action"], entry["codes"]) for entry in entries if "key" in entry["action"]] == [
        ("keys_rewrapped", ["key_2"]),
        ("master_key_retired", ["key_1"]),
    ]
    assert entries[-1]["actor"] == "operator:ana"
    assert desk("audit", "verify", **both).status == 0
    assert "retired" in desk("keys", "list", **both).out
    assert "Backups made before" in desk("keys", "retire", "1", **both).out
    alone = {"master_key": ring(desk, old=False)}
    listed = desk("keys", "list", **alone)
    assert (listed.status, "retired, not in the ring" in listed.out) == (0, True)
    assert desk.answer("company", "show", "--company", company, **alone)["company_id"] == company
    assert "The master key does not fit this database" in desk.refused("company", "list")


@pytest.mark.parametrize(
    ("number", "problem"),
    [("2", "wraps what is new"), ("7", "No master key 7 is known here"), ("256", "0 to 255"), ("x", "0 to 255")],
)
def test_a_key_that_cannot_be_retired_is_refused(desk: Desk, company: str, number: str, problem: str) -> None:
    done = desk("keys", "retire", number, master_key=ring(desk))
    assert done.status in (1, 2)
    assert problem in done.err


def test_a_key_that_is_missing_from_the_ring_is_named(desk: Desk, company: str) -> None:
    """A process with a key that is gone added a client."""
    path = desk.data / opening.FILE_NAME
    wrapped = Keyring({9: THIRD}).new_data_key(company, "x")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "UPDATE clients SET data_key = ? WHERE client_id = (SELECT min(client_id) FROM clients)", (wrapped,)
        )
    listed = desk("keys", "list")
    assert (listed.status, "not in the ring" in listed.out) == (1, True)
    done = desk("keys", "rewrap", master_key=ring(desk))
    assert done.status == 1
    assert "1 open with no key of the ring" in done.out
    assert "(key 9)" in done.out


def test_doctor_tells_how_old_keys_are_and_what_to_do(desk: Desk, company: str) -> None:
    def doctor_says(newest_is: str, *, later_ms: int = 0) -> tuple[str, str]:
        keys = {1: base64.b64decode(first_key(desk)), 2: SECOND}
        cipher = Keyring({number: keys[number] for number in (map(int, newest_is.split(",")))})
        with closing(sqlite3.connect(desk.data / opening.FILE_NAME)) as database:
            [finding] = master_keys(SqliteBlocking(database), cipher, clock.now_ms() + later_ms)
        return finding.level.value, finding.found + finding.advice

    assert "1 (newest) for" in doctor_says("1")[1]
    desk.answer("keys", "list", master_key=ring(desk))
    assert "ostiary keys rewrap" in doctor_says("1,2")[1]
    desk.answer("keys", "rewrap", master_key=ring(desk))
    assert "ostiary keys retire" in doctor_says("1,2")[1]
    assert "since when" not in doctor_says("2")[1]
    assert "Add a newer one" in doctor_says("2", later_ms=OLD_MS + 60_000)[1]


def test_clients_are_found_by_new_lookup_keys_and_the_old_ones_go(
    desk: Desk, company: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lookups, "FOLLOWED_S", 0.0)

    def doctor_says() -> str:
        with closing(sqlite3.connect(desk.data / opening.FILE_NAME)) as database:
            [finding] = lookup_keys(SqliteBlocking(database), clock.now_ms())
        return f"{finding.level.value} {finding.found} {finding.advice}"

    assert doctor_says().startswith("ok version 1 (written)")
    [only] = desk.answer("keys", "list")["lookup_keys"]
    assert (only["version"], only["written"], only["finds"]["emails"]) == (1, True, 2)
    assert "There is no version 2" in desk.refused("keys", "retire", "2", "--lookup")
    assert "cannot go before another is written" in desk.refused("keys", "retire", "1", "--lookup")

    done = desk.answer("keys", "rotate", "--operator", "ana")
    assert (done["written"], done["asked"], done["moved"], done["older"], done["left"]) == (2, [1, 2], 2, {}, [])
    assert "nothing is under 1 ostiary keys retire 1 --lookup" in doctor_says()
    assert desk.answer("keys", "rotate")["moved"] == 0
    [old, new] = desk.answer("keys", "list")["lookup_keys"]
    assert (old["finds"]["emails"], new["finds"]["emails"], new["written"]) == (0, 2, True)
    assert "version 2" in desk("keys", "list").out
    assert len(desk.answer("find", "--email", "ana@example.com")) == 1
    assert desk("audit", "verify").status == 0

    assert desk.answer("keys", "retire", "1", "--lookup", "--operator", "ana")["retired"] is True
    [only] = desk.answer("keys", "list")["lookup_keys"]
    assert only["version"] == 2
    actions = [(entry["action"], entry["codes"]) for entry in desk.answer("audit", "show", "--operators")]
    assert ("lookup_keys_rotated", ["key_2"]) in actions
    assert ("lookup_key_retired", ["key_1"]) in actions
    assert desk.answer("keys", "rotate")["asked"] == [2, 3]
    assert desk.answer("keys", "retire", "2", "--lookup")["retired"] is True


def test_what_can_not_move_is_let_go_of_by_who_says_how_much_it_is(
    desk: Desk, company: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a client that does not open would keep the old keys, and there could be no newer ones, for ever."""
    monkeypatch.setattr(lookups, "FOLLOWED_S", 0.0)
    with closing(sqlite3.connect(desk.data / opening.FILE_NAME)) as database, database:
        database.execute("UPDATE clients SET details = x'00' WHERE client_id = (SELECT min(client_id) FROM clients)")
    left = desk("keys", "rotate")
    assert (left.status, "Not moved: 1 emails" in left.out) == (1, True)
    assert "retire 1 --lookup --drop-marks 1" in left.out
    needed = desk("keys", "retire", "1", "--lookup")
    assert (needed.status, "is needed by 1 emails" in needed.out) == (1, True)
    with closing(sqlite3.connect(desk.data / opening.FILE_NAME)) as database:
        [finding] = lookup_keys(SqliteBlocking(database), clock.now_ms())
    assert "1 rows are under an older one" in finding.found

    assert "goes with --lookup" in desk.refused("keys", "retire", "1", "--drop-marks", "1")
    refused = desk.refused("keys", "retire", "1", "--lookup", "--drop-marks", "2")
    assert "1 rows cannot be moved: 1 emails, and --drop-marks says 2. None was dropped" in refused
    retired = desk.answer("keys", "retire", "1", "--lookup", "--drop-marks", "1", "--operator", "ana")
    assert (retired["retired"], retired["needed_by"]) == (True, {})
    with closing(sqlite3.connect(desk.data / opening.FILE_NAME)) as database:
        assert [len(mark) for (mark,) in database.execute("SELECT email_mark FROM clients")] == [33, 33]
    actions = [(entry["action"], entry["codes"]) for entry in desk.answer("audit", "show", "--operators")]
    assert actions.index(("lookup_key_retired", ["key_1"])) == actions.index(("lookup_marks_dropped", ["key_1"])) + 1
    assert len(desk.answer("find", "--email", "bea@example.com")) == 1
