"""A service that is told where keeps checkpoints of its audit trail there by itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.acceptance.conftest import RunningService
from tests.acceptance.onboarding import until

Start = Callable[..., RunningService]


def test_the_worker_keeps_one_out_of_the_house(service_factory: Start, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    service = service_factory(checkpoints=elsewhere)
    until(lambda: any((elsewhere / "checkpoints").glob("*.checkpoint.gz")), "a checkpoint is kept", 60)
    service.stop()
    answer = service.answer("audit", "verify", "--against", str(elsewhere))
    assert (answer["intact"], answer["against"]["checkpoints"]) == (True, 1)
