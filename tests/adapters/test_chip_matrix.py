"""Each chip of the matrix has its one result: what real states' chips look like, and what somebody would try."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.chips.attacks import ATTACKS
from tests.chips.builder import Build, built
from tests.chips.matrix import FORMS


@pytest.mark.parametrize(("build", "outcome"), FORMS.values(), ids=FORMS)
def test_a_form_of_chip_has_its_result(build: Callable[[], Build], outcome: str) -> None:
    assert built(build()).outcome == outcome


@pytest.mark.parametrize(("build", "outcome"), ATTACKS.values(), ids=ATTACKS)
def test_an_attack_has_its_result(build: Callable[[], Build], outcome: str) -> None:
    assert built(build()).outcome == outcome


def test_no_attack_proves_anything() -> None:
    assert "issuer_signed" not in {outcome for _, outcome in ATTACKS.values()}
