"""The trust store that a process goes by: read with the first chip, kept, and read again when somebody looks."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ostiary.adapters.trust.chips import ChipsInPool
from ostiary.adapters.trust.importing import plan_import
from ostiary.adapters.trust.in_force import TrustInForce
from ostiary.adapters.trust.sources import read_import
from ostiary.adapters.trust.store import TrustStore, write_store
from ostiary.domain.documents.chip_kept import ChipContent
from ostiary.domain.errors import Refused
from ostiary.domain.mrz.zone import Format
from ostiary.specimens.chip.chips import SpecimenChip, specimen_chip
from ostiary.specimens.zone_lines import Holder
from tests.chips.builder import HOLDER

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)


def chip(holder: Holder = HOLDER) -> SpecimenChip:
    return specimen_chip(holder, is_card=False, variant="genuine", now=NOW)


def believing(path: Path, *specimens: SpecimenChip) -> TrustInForce:
    """A store of the countries of these chips."""
    before = store = TrustStore()
    for each in specimens:
        store = plan_import(store, read_import(each.csca), ()).store
    write_store(path, store, instead_of=before)
    return TrustInForce(path)


def files(specimen: SpecimenChip) -> ChipContent:
    return ChipContent(specimen.files)


async def test_a_chip_is_verified_against_the_store_and_checked_without(tmp_path: Path) -> None:
    specimen = chip()
    with ThreadPoolExecutor(1) as pool:
        chips = ChipsInPool(believing(tmp_path / "trust.jsonl", specimen), pool)
        checked = await chips.check(files(specimen), NOW)
        assert chips.trust.version is None  # nothing was read for that
        verified = await chips.verify(files(specimen), NOW)
    assert (checked.trouble, checked.anchors, checked.trust_version) == (None, (), "")
    assert checked.zone is not None
    assert checked.zone.format is Format.TD3
    assert [anchor.country for anchor in verified.anchors] == ["UT"]
    assert verified.trust_version == chips.trust.version


@pytest.mark.parametrize("content", [None, b"no store\n"])
async def test_without_a_store_that_can_be_read_nobody_is_believed(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "trust.jsonl"
    if content is not None:
        path.write_bytes(content)
    with ThreadPoolExecutor(1) as pool:
        verified = await ChipsInPool(TrustInForce(path), pool).verify(files(chip()), NOW)
    assert (verified.anchors, verified.trust_version) == ((), "")


def test_what_was_read_stays_until_somebody_looks(tmp_path: Path) -> None:
    path, specimen = tmp_path / "trust.jsonl", chip()
    trust = believing(path, specimen)
    before = trust.trust().version
    assert trust.look_again() is False
    path.write_bytes(b"")
    assert trust.trust().version == before
    assert trust.look_again() is True
    assert trust.version == ""


def test_a_file_that_becomes_unreadable_leaves_in_force_what_was(tmp_path: Path) -> None:
    trust = believing(tmp_path / "trust.jsonl", chip())
    before = trust.trust()
    (tmp_path / "trust.jsonl").write_bytes(b"{}\n")
    with pytest.raises(Refused, match="line 1"):
        trust.look_again()
    assert trust.trust() is before


def test_no_store_is_an_empty_one() -> None:
    trust = TrustInForce(None)
    assert trust.look_again() is True
    assert trust.trust().anchors == ()


def test_a_service_imports_nothing_that_verifies_chips() -> None:
    code = "import sys, ostiary.app; print([name for name in sys.modules if name.startswith('ostiary.adapters.chip')])"
    printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert printed.stdout.strip() == "[]"
