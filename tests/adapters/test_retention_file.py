"""The retention file: what it may say, and every fault with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from ostiary.adapters.config.lifecycle.retention_file import FILE_NAME, load, parse
from ostiary.domain.catalogue.renewal_rules import CalendarPeriod
from ostiary.domain.errors import RetentionInvalid
from ostiary.domain.privacy.retention import USUAL, Category, Rule

GOOD = """
retention:
  never_submitted: {keep: P90D, reason: "our notice", by_itself: true}
  ended: {keep: P7Y, reason: "our auditors"}
  links: {keep: P10D, reason: "short"}
"""


def test_a_category_that_is_not_named_is_kept_as_usual() -> None:
    rules = parse(GOOD, "x")
    assert rules[Category.NEVER_SUBMITTED] == Rule(
        Category.NEVER_SUBMITTED, CalendarPeriod(days=90), "our notice", by_itself=True
    )
    assert (rules[Category.ENDED].period, rules[Category.ENDED].by_itself) == (CalendarPeriod(84), False)
    assert rules[Category.LINKS].by_itself
    assert rules[Category.REFUSED] == USUAL[Category.REFUSED]


WRONG = {
    "no section": ("x: 1", "retention"),
    "an unknown category": ("retention: {endet: {keep: P5Y, reason: x}}", "did you mean 'ended'"),
    "no period": ("retention: {ended: {reason: x}}", "keep"),
    "no reason": ("retention: {ended: {keep: P5Y}}", "reason"),
    "a period in words": ("retention: {ended: {keep: five years, reason: x}}", "P5Y"),
    "a period of centuries": ("retention: {ended: {keep: P200Y, reason: x}}", "P100Y"),
    "deliveries of no time": ("retention: {deliveries: {keep: P0D, reason: x}}", "P1D"),
    "links that stay": ("retention: {links: {keep: P9D, reason: x, by_itself: false}}", "by itself"),
    "an unknown key": ("retention: {ended: {keep: P5Y, reason: x, by_self: true}}", "by_itself"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_fault_says_where_and_what_would_be_right(name: str) -> None:
    source, words = WRONG[name]
    with pytest.raises(RetentionInvalid) as refused:
        parse(source, FILE_NAME)
    assert any(words in fault.message for fault in refused.value.faults), refused.value.faults


def test_it_lies_beside_the_catalogue(tmp_path: Path) -> None:
    catalogue = tmp_path / "catalogue.yaml"
    assert load(None) == load(catalogue) == USUAL
    (tmp_path / FILE_NAME).write_text(GOOD)
    assert load(catalogue)[Category.LINKS].period == CalendarPeriod(days=10)
    (tmp_path / FILE_NAME).write_bytes(b"\xff")
    with pytest.raises(RetentionInvalid):
        load(catalogue)
