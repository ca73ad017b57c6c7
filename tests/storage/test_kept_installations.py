"""Installations that earlier versions made open, wholly: each archive in `tests/kept` is named for its schema."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from ostiary.app import Installation, opened
from ostiary.domain.audit.trail import chain_fault
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.settings import read_settings
from ostiary.usecases.companies.companies import operator_for
from tests.http.running import Running, running
from tests.kept.make import MASTER_KEY, NOTE, REFERENCE

ARCHIVES = sorted((Path(__file__).parents[1] / "kept").glob("*.tar.gz"))
OSTIARY = Path(sys.executable).with_name("ostiary")
Answer = dict[str, Any]


@dataclass
class RestoredInstallation:
    """One, restored and brought to today's schema. `answers` is what its own version said."""

    schema: str
    data: Path
    answers: list[Answer]

    @property
    def variables(self) -> dict[str, str]:
        return {
            "OSTIARY_DATA_DIR": str(self.data),
            "OSTIARY_MASTER_KEY": MASTER_KEY,
            "OSTIARY_RATE_LIMIT_PER_SECOND": "0",
        }

    def command(self, *words: str) -> Any:
        done = subprocess.run(
            [OSTIARY, *words, "--json"],
            env={**os.environ, **self.variables},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, (words, done.stderr)
        return json.loads(done.stdout)


@pytest.fixture(scope="module", params=ARCHIVES, ids=lambda path: path.name.partition(".")[0])
def restored(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> RestoredInstallation:
    folder = tmp_path_factory.mktemp("kept")
    with tarfile.open(request.param) as archive:
        archive.extractall(folder, filter="data")
    installation = RestoredInstallation(
        request.param.name[:4], folder / "data", json.loads((folder / "answers.json").read_text("utf-8"))
    )
    installation.command("restore", str(folder / "backup"))
    installation.command("migrate")
    return installation


@pytest.fixture
def parts(restored: RestoredInstallation) -> Iterator[Installation]:
    with opened(read_settings(restored.variables)) as open_parts:
        yield open_parts


async def everybody(parts: Installation) -> list[Dossier]:
    """Every client of every company, with requests and documents."""
    storage, dossiers = parts.context.storage, []
    for company in await storage.companies.every():
        for client in await storage.clients.page(company.id, None, None, 100):
            dossier = await storage.dossier(company.id, client.id)
            assert dossier is not None
            dossiers.append(dossier)
    return dossiers


def still_says(now: Any, then: Any) -> bool:
    """Whether an answer has everything that an earlier one had; it may have more fields."""
    if isinstance(then, dict):
        return isinstance(now, dict) and all(name in now and still_says(now[name], then[name]) for name in then)
    if isinstance(then, list):
        return len(now) == len(then) and all(still_says(*pair) for pair in zip(now, then, strict=True))
    return bool(now == then)


def test_there_is_one_of_every_schema_that_was_released() -> None:
    assert [path.name for path in ARCHIVES] == ["0005.tar.gz", "0007.tar.gz"]


async def test_the_api_answers_as_it_did_to_the_same_keys(restored: RestoredInstallation, parts: Installation) -> None:
    asked: Running
    async with running(parts) as asked:
        for before in restored.answers:
            answer = await asked.call("GET", before["path"], before["key"])
            assert answer.status_code == 200, before["path"]
            assert still_says(answer.json(), before["answer"]), (before["path"], answer.json(), before["answer"])


async def test_every_sealed_value_opens(parts: Installation) -> None:
    people = await everybody(parts)
    documents = [document for dossier in people for document in dossier.documents]
    assert len(people) == 9
    assert sum(document.reading is not None for document in documents) >= 3
    assert sum(document.judgement is not None for document in documents) >= 3
    assert any(dossier.client.refusals for dossier in people)
    assert any(enablement.rejection_description for dossier in people for enablement in dossier.enablements)
    storage = parts.context.storage
    hits = [hit for dossier in people for hit in await storage.screening.hits(dossier.client)]
    assert [hit.hit.entry_id for hit in hits] == ["NK-1"]


async def test_what_was_kept_since_schema_0006_opens(restored: RestoredInstallation, parts: Installation) -> None:
    storage, clients = parts.context.storage, [dossier.client for dossier in await everybody(parts)]
    past = [each.profile.first_name for client in clients for each in await storage.clients.past_profiles(client)]
    remarks = [(each.action, each.text) for client in clients for each in await storage.clients.remarks(client)]
    references = [client.profile.reference for client in clients if client.profile.reference]
    is_there = restored.schema >= "0006"
    assert references == [REFERENCE] * is_there
    assert past == ["Eva"] * is_there
    assert remarks == [("verdict_return", NOTE)] * is_there
    assert any(client.contradictions for client in clients) is is_there


async def test_every_picture_opens(parts: Installation) -> None:
    people = await everybody(parts)
    sizes = [
        len(await parts.context.pictures.fetch(dossier.client, document.id, side))
        for dossier in people
        for document in dossier.documents
        for side in document.sides
    ]
    assert len(sizes) == 9
    assert min(sizes) > 5_000


async def test_companies_know_their_webhook_and_secrets(parts: Installation) -> None:
    companies = {company.name: company for company in await parts.context.storage.companies.every()}
    sandbox = companies["Kept Sandbox"]
    assert (sandbox.webhook.key, sandbox.webhook.with_sequence) == ("a key", True)
    assert sandbox.signing_secret.startswith("whsec_")
    assert (sandbox.previous_secret or "").startswith("whsec_")
    caller = await operator_for(parts.context, companies["Kept"].id, "test")
    assert caller.company == companies["Kept"]


def test_every_audit_chain_is_whole(parts: Installation) -> None:
    with parts.store.trail() as trail:
        chains, entries = list(trail.chains()), list(trail.entries())
    assert len(entries) > 30
    for _, owner, end in chains:
        mine = [entry for entry in entries if entry.owner == owner]
        assert chain_fault(mine, end, parts.store.census.mark) is None


def test_operators_see_what_waits(restored: RestoredInstallation) -> None:
    [waiting] = restored.command("review", "list")
    shown = restored.command("review", "show", waiting["request_id"], "--operator", "ana")
    assert [hit["entry_id"] for hit in shown["hits"]] == ["NK-1"]
    assert restored.command("audit", "verify")
