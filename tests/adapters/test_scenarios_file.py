"""The scenarios file: every fault at its place, and a default that always fits."""

from __future__ import annotations

from pathlib import Path

import pytest

from ostiary.adapters.config import scenarios_file
from ostiary.domain.errors import ScenariosInvalid
from ostiary.domain.sandbox.scenarios import ScenarioEnding

A = "scenarios:\n  a:\n    description: x\n"
USUAL = "  usual:\n    description: Enabled\n    outcome: enabled\n"


def test_one_beside_the_catalogue_is_used_instead(tmp_path: Path) -> None:
    catalogue = tmp_path / "mine.yaml"
    assert scenarios_file.load(catalogue) == scenarios_file.load(None)
    (tmp_path / "scenarios.yaml").write_text("scenarios:\n" + USUAL)
    [only] = scenarios_file.load(catalogue)
    assert (only.id, only.ending) == ("usual", ScenarioEnding.ENABLED)


@pytest.mark.parametrize(
    ("source", "place", "code"),
    [
        ("scenarios: {}", "1:1", "no_default"),
        ("scenarios:\n  a:\n    description: x\n    outcome: enabled\n    number_prefix: A\n", "1:1", "no_default"),
        ("scenarios:\n  a:\n    description: x\n" + USUAL, "2:3", "missing_key"),
        ("scenarios:\n  a:\n    description: x\n    outcome: perhaps\n" + USUAL, "4:14", "unknown_choice"),
        ("scenarios:\n  a:\n    description: x\n    outcome: rejected\n" + USUAL, "2:3", "missing_key"),
        ("scenarios:\n  a:\n    description: x\n    outcome: pending_documentation\n" + USUAL, "2:3", "missing_key"),
        (A + "    outcome: enabled\n    delay_s: 601\n" + USUAL, "5:14", "wrong_number"),
        (A + "    outcome: pending_documentation\n    reasons: [{code: ugly, field: f}]\n" + USUAL, "5:22",
         "unknown_choice"),
        ("scenario: {}", "1:1", "unknown_key"),
    ],
)  # fmt: skip
def test_a_fault_names_its_place(source: str, place: str, code: str) -> None:
    with pytest.raises(ScenariosInvalid) as refused:
        scenarios_file.parse(source, "s.yaml")
    assert (f"s.yaml:{place}", code) in {(fault.field, fault.code) for fault in refused.value.faults}


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    (tmp_path / "scenarios.yaml").write_bytes(b"\xff\xfe")
    with pytest.raises(ScenariosInvalid, match="UTF-8"):
        scenarios_file.load(tmp_path / "catalogue.yaml")
