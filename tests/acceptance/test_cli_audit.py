"""The audit trail at the command line: what tampering shows, with and without a checkpoint kept elsewhere."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from ostiary.app import Installation, opened
from ostiary.cli.commands.companies import create_company
from ostiary.domain.audit.trail import FIRST_HASH, seal
from ostiary.domain.companies.company import Caller, Environment
from ostiary.settings import read_settings
from ostiary.storage.tables import audit as sql
from ostiary.usecases.clients import individuals as clients
from ostiary.usecases.onboarding import products
from ostiary.usecases.transaction import execute
from tests.acceptance.conftest import environment
from tests.commands import command
from tests.house import template
from tests.material import profile

CLIENTS = 3


@dataclass(frozen=True)
class Trail:
    """A data folder with one company and three clients, three entries each."""

    data: Path
    company: str
    clients: tuple[str, ...]

    @property
    def database(self) -> Path:
        return self.data / "ostiary.sqlite3"

    def cli(self, *words: object) -> tuple[int, Any]:
        """Exit status and answer of `ostiary audit ... --json`; what was said on standard error is under `error`."""
        done = command(environment(self.data), "audit", *words, "--json")
        return done.returncode, json.loads(done.stdout or done.stderr)

    def broken(self, *words: object) -> dict[str, str]:
        """Owner and fault of every chain that `verify` calls broken, the exit status being 1 exactly then."""
        status, answer = self.cli("verify", *words)
        assert status == (1 if answer["broken"] else 0)
        by_owner: dict[str, list[str]] = {}
        for entry in answer["broken"]:
            by_owner.setdefault(entry["owner"], []).append(entry["fault"])
        return {owner: "; ".join(faults) for owner, faults in by_owner.items()}

    def run(self, text: str, *values: object) -> None:
        with closing(sqlite3.connect(self.database)) as connection, connection:
            assert connection.execute(text, values).rowcount > 0


async def _fill(parts: Installation) -> tuple[str, tuple[str, ...]]:
    context = parts.context
    company = await create_company(parts, "Acme", Environment.SANDBOX, None, "operator:ana")
    caller, client_ids = Caller(company, "key:K", 3), []
    for number in range(CLIENTS):
        create = partial(clients.create_client, context, caller, profile(email=f"maria{number}@example.com"))
        client = await execute(context, caller, create)
        for product in ("cards_individuals", "accounts_individuals"):
            await execute(context, caller, partial(products.request_product, context, caller, client.id, product))
        client_ids.append(client.id)
    return company.id, tuple(client_ids)


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Trail:
    data = tmp_path_factory.mktemp("audit") / "data"
    shutil.copytree(template(), data)
    with opened(read_settings({"OSTIARY_DATA_DIR": str(data)})) as parts:
        company, client_ids = parts.run(_fill(parts))
    trail = Trail(data, company, client_ids)
    status, _ = trail.cli("checkpoint", data.parent / "first.checkpoint")
    assert status == 0
    return trail


@pytest.fixture
def trail(original: Trail, tmp_path: Path) -> Trail:
    """A copy to tamper with."""
    shutil.copytree(original.data, tmp_path / "data")
    return replace(original, data=tmp_path / "data")


@pytest.fixture
def checkpoint(original: Trail) -> Path:
    return original.data.parent / "first.checkpoint"


def test_an_untouched_trail_is_intact(trail: Trail, checkpoint: Path) -> None:
    assert trail.cli("verify") == (0, {
        "intact": True, "chains": 4, "entries": 10, "keyed": 4, "counted": 4, "broken": [],
    })  # fmt: skip
    status, answer = trail.cli("verify", "--checkpoint", checkpoint)
    assert (status, answer["intact"], answer["checkpoint"]["chains"]) == (0, True, 4)
    result = command(environment(trail.data), "audit", "verify")
    assert (result.returncode, result.stdout) == (0, "4 chains with 10 entries: all intact\n")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("UPDATE audit_entries SET actor = 'operator:eve' WHERE owner = ?1 AND position = 2", "entry 2 was changed"),
        ("UPDATE audit_entries SET at_ms = at_ms + 1 WHERE owner = ?1 AND position = 3", "entry 3 was changed"),
        ("UPDATE audit_entries SET codes = '' WHERE owner = ?1 AND position = 2", "entry 2 was changed"),
        ("DELETE FROM audit_entries WHERE owner = ?1 AND position = 2", "entry 2 is missing"),
        ("DELETE FROM audit_entries WHERE owner = ?1 AND position = 3", "3 entries were written, 2 are there"),
        ("DELETE FROM audit_entries WHERE owner = ?1", "3 entries were written, 0 are there"),
        ("UPDATE clients SET chain_length = 2 WHERE client_id = ?1", "2 entries were written, 3 are there"),
        ("UPDATE clients SET chain_head = zeroblob(32) WHERE client_id = ?1",
         "the last entry is not the one written last"),
        ("UPDATE clients SET status = 'active' WHERE client_id = ?1",
         "client: status is active, entry 3 says pending"),
        ("UPDATE enablements SET attempt = 9 WHERE client_id = ?1", None),
        ("DELETE FROM clients WHERE client_id = ?1", None),
    ],
)  # fmt: skip
def test_tampering_with_one_client_shows(trail: Trail, text: str, fault: str | None) -> None:
    trail.run(text, trail.clients[1])
    broken = trail.broken()
    assert list(broken) == [trail.clients[1]]
    if fault is None:  # what two rows say
        assert broken[trail.clients[1]].count(";") >= 1
        return
    assert broken == {trail.clients[1]: fault}
    result = command(environment(trail.data), "audit", "verify")
    assert f"{trail.company} {trail.clients[1]}: {fault}" in result.stdout
    assert result.stdout.endswith("1 BROKEN\n")


def test_an_entry_moved_to_another_owner_shows_on_both(trail: Trail) -> None:
    giver, taker, _ = trail.clients
    trail.run("UPDATE audit_entries SET owner = ?2, position = 4 WHERE owner = ?1 AND position = 3", giver, taker)
    assert trail.broken() == {giver: "3 entries were written, 2 are there", taker: "entry 4 was changed"}


@pytest.mark.parametrize("value", ["x'ff00'", "CAST(x'ff' AS TEXT)", "17.5"])
def test_what_ostiary_never_writes_does_not_pass_either(trail: Trail, value: str) -> None:
    trail.run(f"UPDATE audit_entries SET codes = {value} WHERE owner = ?1 AND position = 2", trail.clients[1])  # noqa: S608
    result = command(environment(trail.data), "audit", "verify")
    assert result.returncode == 1
    assert "was changed" in result.stdout + result.stderr
    assert "Traceback" not in result.stderr


POISON = ["audit_census SET length = 'x'", "clients SET chain_length = 'x'",
          "clients SET chain_length = CAST(x'ff' AS TEXT)", "audit_entries SET at_ms = 'x'"]  # fmt: skip


@pytest.mark.parametrize("poison", POISON)
def test_what_cannot_be_read_hides_nothing_that_was_found_before(
    trail: Trail, checkpoint: Path, tmp_path: Path, poison: str
) -> None:
    first, *_, last = sorted(trail.clients)
    table, _, change = poison.partition(" SET ")
    owner = "client_id" if table == "clients" else "owner"
    trail.run("UPDATE audit_entries SET actor = 'operator:eve' WHERE owner = ?1 AND position = 2", first)
    trail.run(f"UPDATE {table} SET {change} WHERE {owner} = ?1", last)  # noqa: S608
    broken = trail.broken()
    assert broken[first] == "entry 2 was changed"
    result = command(environment(trail.data), "audit", "verify")
    assert result.returncode == 1
    assert "entry 2 was changed" in result.stdout
    assert not any(
        word in result.stdout + result.stderr for word in ("Traceback", "not supported", "instances", "'str'")
    )
    status, answer = trail.cli("checkpoint", tmp_path / "over it")
    assert (status, "nothing was signed" in answer["error"]) == (1, True)


# ---- against a checkpoint -------------------------------------------------------------------------------------------


def rewrite(trail: Trail, owner: str, *, keep: int, action: str | None = None) -> None:
    """What somebody does who knows how chains are made: shortens or changes one, hashes and its end included."""
    with closing(sqlite3.connect(trail.database)) as connection, connection:
        entries = [sql.entry_of(row) for row in connection.execute(sql.ENTRIES, (trail.company, owner))]
        connection.execute("DELETE FROM audit_entries WHERE owner = ?1", (owner,))
        head = FIRST_HASH
        for entry in entries[:keep]:
            changed = replace(entry, action=action or entry.action)
            head = seal(head, changed)
            values = (changed.company_id, owner, changed.position, changed.at_ms, changed.action, changed.actor)
            rest = (changed.subject, ",".join(changed.codes), changed.digest, head)
            connection.execute(sql.ADD_ENTRY, (*values, *rest))
        connection.execute("UPDATE clients SET chain_length = ?2, chain_head = ?3 WHERE client_id = ?1",
                           (owner, keep, head))  # fmt: skip


def forget(trail: Trail, owner: str) -> None:
    trail.run("DELETE FROM audit_entries WHERE owner = ?1", owner)
    trail.run("DELETE FROM clients WHERE client_id = ?1", owner)


@pytest.mark.parametrize(
    ("tamper", "fault"),
    [
        (lambda trail, owner: rewrite(trail, owner, keep=3, action="nothing"),
         "entry 3 is not the one the checkpoint saw: the chain was rewritten"),
        (lambda trail, owner: rewrite(trail, owner, keep=2), "the checkpoint saw 3 entries, 2 are there"),
        (forget, "the checkpoint saw 3 entries, the chain is gone"),
    ],
)  # fmt: skip
def test_what_is_consistent_in_itself_shows_against_a_checkpoint(
    trail: Trail, checkpoint: Path, tamper: Callable[[Trail, str], None], fault: str
) -> None:
    tamper(trail, trail.clients[0])
    assert list(trail.broken()) == [trail.clients[0]], "the census shows it, too"
    assert fault in trail.broken("--checkpoint", checkpoint)[trail.clients[0]]
    status, answer = trail.cli("checkpoint", checkpoint.with_name("never"), "--previous", checkpoint)
    assert (status, checkpoint.with_name("never").exists()) == (1, False)
    assert "nothing was signed" in answer["error"]


def test_a_trail_that_grew_fits_the_checkpoint_and_the_next_one_names_it(
    trail: Trail, checkpoint: Path, tmp_path: Path
) -> None:
    created = command(environment(trail.data), "key", "create", "--company", trail.company, "--level", "1")
    assert created.returncode == 0
    status, answer = trail.cli("checkpoint", tmp_path / "second", "--previous", checkpoint)
    assert (status, answer["previous"]) == (0, sha256(checkpoint.read_bytes()).hexdigest())
    assert json.loads((tmp_path / "second").read_bytes())["previous"] == answer["previous"]
    assert trail.broken("--checkpoint", tmp_path / "second") == {}
    assert trail.broken("--checkpoint", checkpoint) == {}


def change(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    def apply(content: dict[str, Any]) -> None:
        content[path] = value

    return apply


def shorten(content: dict[str, Any]) -> None:
    content["chains"].pop()


def lengthen(content: dict[str, Any]) -> None:
    content["chains"][1][2] -= 1


@pytest.mark.parametrize(
    ("tamper", "says"),
    [
        (shorten, "the chains it names do not give its root"),
        (lengthen, "the chains it names do not give its root"),
        (change("root", "00" * 32), "the chains it names do not give its root"),
        (change("at_ms", 1), "its signature does not fit"),
        (change("previous", "00"), "its signature does not fit"),
        (change("signature", "00" * 64), "its signature does not fit"),
        (change("public_key", "11" * 32), "was signed by 1111"),
        (change("chains", "all"), "is no checkpoint"),
        (change("signature", "none"), "is no checkpoint"),
    ],
)
def test_a_changed_checkpoint_is_refused(
    original: Trail, checkpoint: Path, tmp_path: Path, tamper: Callable[[dict[str, Any]], None], says: str
) -> None:
    content = json.loads(checkpoint.read_bytes())
    tamper(content)
    (tmp_path / "changed").write_text(json.dumps(content))
    status, answer = original.cli("verify", "--checkpoint", tmp_path / "changed")
    assert status == 1
    assert says in answer["error"]


def test_a_checkpoint_is_known_by_the_key_that_was_noted(trail: Trail, checkpoint: Path, tmp_path: Path) -> None:
    key = json.loads(checkpoint.read_bytes())["public_key"]
    trail.run("DELETE FROM installation WHERE name = 'checkpoint'")  # as after restoring an older backup
    status, answer = trail.cli("verify", "--checkpoint", checkpoint)
    assert status == 1
    assert f"was signed by {key}" in answer["error"]
    assert trail.broken("--checkpoint", checkpoint, "--signed-by", key) == {}


def test_checkpoints_are_never_written_over(original: Trail, checkpoint: Path) -> None:
    before = checkpoint.read_bytes()
    status, answer = original.cli("checkpoint", checkpoint)
    assert (status, checkpoint.read_bytes()) == (1, before)
    assert "File exists" in answer["error"]


def test_the_signing_key_never_lies_plain(original: Trail) -> None:
    with closing(sqlite3.connect(original.database)) as connection:
        (wrapped,) = connection.execute("SELECT value FROM installation WHERE name = 'checkpoint'").fetchone()
    assert len(wrapped) == 1 + 12 + 32 + 16  # master number, nonce, key, tag


# ---- showing --------------------------------------------------------------------------------------------------------


def test_entries_are_shown_for_a_company_or_one_client(original: Trail) -> None:
    _, company = original.cli("show", "--company", original.company)
    _, client = original.cli("show", "--company", original.company, "--client", original.clients[0])
    assert [entry["action"] for entry in company] == ["company_created"]
    assert [(entry["position"], entry["action"], entry["actor"]) for entry in client] == [
        (1, "client_created", "key:K"), (2, "product_requested", "key:K"), (3, "product_requested", "key:K"),
    ]  # fmt: skip
    result = command(
        environment(original.data), "audit", "show", "--company", original.company, "--client", original.clients[0]
    )
    assert result.stdout.count("product_requested") == 2
    assert original.clients[0] in result.stdout


@pytest.mark.parametrize("more", [[], ["--client", "x" * 32]])
def test_nobody_s_entries_are_not_an_empty_table(original: Trail, more: list[str]) -> None:
    status, answer = original.cli("show", "--company", original.company if more else "x" * 32, *more)
    assert (status, answer["error"][:16]) == (1, "There is no such")
