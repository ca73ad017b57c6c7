"""A change of trust puts those enabled clients before a person whose document it touches: once, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from structlog.testing import capture_logs

from ostiary.adapters.trust.importing import plan_import
from ostiary.adapters.trust.in_force import TrustInForce
from ostiary.adapters.trust.removing import removed
from ostiary.adapters.trust.sealing import plan_seals
from ostiary.adapters.trust.sources import read_import
from ostiary.adapters.trust.store import EntryKind, TrustStore, read_store, write_store
from ostiary.background.passes import LOOK_EVERY_MS
from ostiary.background.trust import TrustTally, TrustWatch, review_all
from ostiary.background.trust_file import follow_trust
from ostiary.domain.companies.company import Environment
from ostiary.domain.documents.chip_kept import ChipEvidence, KeptAnchor, KeptSigner
from ostiary.domain.documents.document import Document
from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.review.verdicts import Decision
from ostiary.domain.times import DAY_MS
from ostiary.domain.unit import KeepReading, Unit
from ostiary.domain.value import replace as replace_in
from ostiary.specimens.chip import issuing
from ostiary.specimens.chip.chips import CSCA_NAME, SpecimenChip, specimen_chip
from ostiary.telemetry import metrics
from ostiary.telemetry.metrics import StandingCounts
from ostiary.usecases.verification.trust_lost import TrustAnswer, review_trust
from tests.chips.builder import HOLDER
from tests.house import House, open_house
from tests.material import NOW_MS
from tests.usecases.test_sealed_bills import folder as catalogue_folder
from tests.usecases.test_sealed_bills import judged, planned

__all__ = ["catalogue_folder"]
NOW = datetime.fromtimestamp(NOW_MS / 1000, UTC)
SERIAL = "4711"


@pytest.fixture
def chip() -> SpecimenChip:
    return specimen_chip(HOLDER, is_card=False, variant="genuine", now=NOW)


@contextmanager
def bank(folder: Path, **settings: str) -> Iterator[House]:
    with open_house(folder / "data", OSTIARY_TRUST=str(folder / "trust.jsonl"), **settings) as opened:
        yield opened


def stored(folder: Path, *contents: bytes) -> TrustStore:
    """The file as it is once these were imported."""
    path = folder / "trust.jsonl"
    before = store = read_store(path)
    for content in contents:
        store = plan_import(store, read_import(content), ()).store
    write_store(path, store, instead_of=before)
    return store


def without(folder: Path, digest: str) -> None:
    path = folder / "trust.jsonl"
    store = read_store(path)
    write_store(path, removed(store, digest, "stolen", NOW), instead_of=store)


def evidence(store: TrustStore, **changes: Any) -> ChipEvidence:
    """What is kept of a chip that was believed."""
    [anchor] = store.of(EntryKind.ANCHOR)
    signer = KeptSigner(
        subject="C=UT", issuer="C=UT", serial=SERIAL, sha256="5" * 64, valid_from="2025-01-01", valid_until="2035-01-01"
    )
    usual = ChipEvidence(
        proof="issuer_signed", trust=store.version, signer=signer, anchors=(KeptAnchor(anchor.sha256, "UT"),)
    )
    return replace_in(usual, **changes)


async def enabled(house: House, proven: ChipEvidence | None, number: str = "AB1234567") -> tuple[str, str]:
    """A client with cards, whose passport had a chip; the ids of both."""
    ids = await house.submitted(number, email=f"{number.lower()}@example.com")
    await house.judge(*ids, Decision.APPROVE)
    dossier = await house.dossier(ids[0])
    [document] = dossier.documents
    unit = Unit(
        house.caller.company.id,
        house.context.now_ms(),
        dossier.client,
        changes=(KeepReading(replace_in(document, chip_evidence=proven)),),
    )
    assert await house.context.storage.commit(unit) is None
    return ids


async def newest(house: House, client_id: str) -> Document:
    return (await house.dossier(client_id)).documents[-1]


async def production(house: House) -> None:
    house.caller = await house.found_company("Bank", Environment.PRODUCTION)


async def test_nothing_changed_is_nothing_to_do(tmp_path: Path, chip: SpecimenChip) -> None:
    store = stored(tmp_path, chip.csca)
    with bank(tmp_path) as house:
        await production(house)
        client_id, request = await enabled(house, evidence(store))
        await enabled(house, None, "CD1234567")
        assert await review_all(house.context) == TrustTally(seen=2)
        assert (await house.enablement(client_id, request)).review is None


def revoking(chip_key: issuing.SigningKey) -> bytes:
    return issuing.revocation_list(CSCA_NAME, chip_key, (int(SERIAL),), NOW, NOW)


async def test_whoever_holds_a_document_of_a_revoked_signer_is_looked_at_once(tmp_path: Path) -> None:
    chip = specimen_chip(HOLDER, is_card=False, variant="revoked", now=NOW)
    store = stored(tmp_path, chip.csca)
    with bank(tmp_path) as house:
        await production(house)
        client_id, request = await enabled(house, evidence(store))
        other, others = await enabled(house, evidence(store, signer=None), "CD1234567")
        assert await review_all(house.context) == TrustTally(seen=2)
        stored(tmp_path, chip.revocations)
        await house.context.trust.version()
        assert await review_all(house.context) == TrustTally(seen=2, lost=1)
        after = await house.enablement(client_id, request)
        assert (after.status, after.review, after.review_reasons) == (Status.ENABLED, Review.CHANGE, ("trust_lost",))
        assert (await house.enablement(other, others)).review is None
        assert house.actions(client_id)[-2:] == ["trust_lost", "review_opened"]
        chip_evidence = (await newest(house, client_id)).chip_evidence
        assert chip_evidence is not None
        assert (chip_evidence.proof, chip_evidence.trust) == ("not_proven", store.version)
        assert await review_all(house.context) == TrustTally(seen=2)


async def test_an_anchor_that_an_operator_took_out_touches_its_clients(tmp_path: Path, chip: SpecimenChip) -> None:
    store = stored(tmp_path, chip.csca)
    with bank(tmp_path) as house:
        await production(house)
        client_id, request = await enabled(house, evidence(store))
        proven_by_two = evidence(store)
        another = KeptAnchor("7" * 64, "UT")
        await enabled(house, replace_in(proven_by_two, anchors=(another,)), "CD1234567")
        assert await review_all(house.context) == TrustTally(seen=2), "one that a list dropped is no doubt"
        without(tmp_path, proven_by_two.anchors[0].sha256)
        await house.context.trust.version()
        assert await review_all(house.context) == TrustTally(seen=2, lost=1)
        assert (await house.enablement(client_id, request)).review_reasons == ("trust_lost",)


async def test_a_client_who_is_in_review_or_in_a_sandbox_is_left_alone(tmp_path: Path, chip: SpecimenChip) -> None:
    store = stored(tmp_path, chip.csca)
    with bank(tmp_path) as house:
        await production(house)
        client_id, _ = await enabled(house, evidence(store))
        without(tmp_path, evidence(store).anchors[0].sha256)
        await house.context.trust.version()
        assert await review_trust(house.context, house.caller, client_id) is TrustAnswer.LOST
        assert await review_trust(house.context, house.caller, client_id) is TrustAnswer.UNTOUCHED
        sandbox = await house.found_company("Trying")
        house.caller = sandbox
        await enabled(house, evidence(store), "EF1234567")
        assert (await review_all(house.context)).seen == 1


async def test_a_sealed_bill_whose_signer_is_gone_is_looked_at(catalogue_folder: Path) -> None:
    bill, path = planned(), catalogue_folder / "trust.jsonl"
    plan = plan_seals(TrustStore(), read_import(bill.authority) + read_import(bill.signer))
    write_store(path, plan.store, instead_of=TrustStore())
    with bank(catalogue_folder, OSTIARY_CATALOGUE=str(catalogue_folder / "catalogue.yaml")) as house:
        status, _, client_id = await judged(house, bill.text)
        assert status is Status.ENABLED
        assert await review_all(house.context) == TrustTally(seen=1)
        without(catalogue_folder, plan.store.of(EntryKind.SEAL_SIGNER)[0].sha256)
        await house.context.trust.version()
        assert await review_all(house.context) == TrustTally(seen=1, lost=1)
        judgement = (await newest(house, client_id)).judgement
        assert judgement is not None
        assert judgement.reasons == ("trust_lost",)
        assert await review_all(house.context) == TrustTally(seen=1)


async def test_what_cannot_be_looked_at_is_counted_and_keeps_nobody_waiting(
    tmp_path: Path, chip: SpecimenChip, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = stored(tmp_path, chip.csca)
    with bank(tmp_path) as house:
        await production(house)
        for number in ("AB1234567", "CD1234567"):
            await enabled(house, evidence(store), number)
        asked: list[str] = []

        async def doubt_of(serial: str, anchors: Any) -> None:
            asked.append(serial)
            if len(asked) == 1:
                raise OSError("gone")

        house.context = replace(house.context, trust=_Fixed(doubt_of))  # type: ignore[arg-type]
        assert await review_all(house.context) == TrustTally(seen=2, failed=1)


class _Fixed:
    def __init__(self, doubt_of: Any) -> None:
        self.doubt_of = doubt_of


# ---- watching -------------------------------------------------------------------------------------------------------


def measured(name: str) -> float:
    lines = metrics.exposition(StandingCounts()).decode().splitlines()
    return next(float(line.rpartition(" ")[2]) for line in lines if line.startswith(f"ostiary_trust_{name} "))


async def watched(house: House, watch: TrustWatch, ms: int = LOOK_EVERY_MS) -> list[Any]:
    """What is said by a look so much later."""
    house.clock.now_ms += ms
    with capture_logs() as lines:
        await watch.begin()
        if watch._pass._task is not None:
            await watch._pass._task
    return [(line["event"], line.get("problem") or line.get("lost")) for line in lines]


async def test_the_store_is_watched_measured_and_told_of(tmp_path: Path, chip: SpecimenChip) -> None:
    structlog.reset_defaults()
    store = stored(tmp_path, chip.csca, chip.revocations)
    with bank(tmp_path) as house:
        await production(house)
        client_id, request = await enabled(house, evidence(store))
        watch = TrustWatch(house.context)
        assert await watched(house, watch) == [("trust_in_force", None), ("trust_reviewed", 0)]
        assert [measured(name) for name in ("readable", "anchors", "revocations_overdue")] == [1, 1, 0]
        assert await watched(house, watch, 1) == []
        assert await watched(house, watch) == []
        without(tmp_path, evidence(store).anchors[0].sha256)
        faults = [("trust_faulty", "the trust store holds nobody's certificate")]
        assert await watched(house, watch) == faults, "a store of nobody is no reason to doubt everybody"
        assert await watched(house, watch) == []
        assert await watched(house, watch, DAY_MS) == faults
        stored(tmp_path, specimen_chip(HOLDER, is_card=False, variant="genuine", now=NOW).csca)
        steps = [("trust_in_order", None), ("trust_in_force", None), ("trust_reviewed", 1)]
        assert await watched(house, watch) == steps
        assert (await house.enablement(client_id, request)).review_reasons == ("trust_lost",)
        (tmp_path / "trust.jsonl").write_text("{}\n")
        [(event, problem)] = await watched(house, watch)
        assert event == "trust_faulty"
        assert "line 1" in problem
        assert measured("readable") == 0
        await watch.close()


async def test_an_old_list_and_an_overdue_revocation_list_are_measured(tmp_path: Path, chip: SpecimenChip) -> None:
    store = stored(tmp_path, chip.csca, chip.revocations)
    entry = replace(store.entries[0], kind=EntryKind.LIST, sha256="1" * 64, begin="2026-01-01T00:00:00Z", der=b"")
    write_store(tmp_path / "trust.jsonl", TrustStore((entry, *store.entries)), instead_of=store)
    with bank(tmp_path) as house:
        watch = TrustWatch(house.context)
        assert ("trust_faulty", "the newest list is of more than a quarter ago") in await watched(house, watch)
        assert measured("list_age_seconds") > 100 * DAY_MS / 1000
        await watched(house, watch, 400 * DAY_MS)
        assert measured("revocations_overdue") == 1
        await watch.close()


async def test_without_a_store_nothing_is_looked_at(tmp_path: Path) -> None:
    with open_house(tmp_path / "data") as house:
        watch = TrustWatch(house.context)
        assert await watched(house, watch) == []
        await watch.close()


async def test_a_process_follows_the_file_once_it_has_read_it(
    tmp_path: Path, chip: SpecimenChip, monkeypatch: pytest.MonkeyPatch
) -> None:
    import asyncio

    monkeypatch.setattr("ostiary.background.trust_file.FOLLOW_EVERY_S", 0.001)
    stored(tmp_path, chip.csca)
    in_force = TrustInForce(tmp_path / "trust.jsonl")
    await follow_trust(TrustInForce(None))
    with capture_logs() as lines:
        following = asyncio.create_task(follow_trust(in_force))
        await asyncio.sleep(0.05)
        assert (in_force.version, lines) == (None, [])
        before = in_force.trust().version
        stored(tmp_path, specimen_chip(HOLDER, is_card=False, variant="genuine", now=NOW).csca)
        while in_force.version == before:
            await asyncio.sleep(0.005)
        (tmp_path / "trust.jsonl").write_text("{}\n")
        while len(lines) < 2:
            await asyncio.sleep(0.005)
        following.cancel()
    assert [line["event"] for line in lines] == ["trust_in_force", "trust_unreadable"]
    assert in_force.version != before
