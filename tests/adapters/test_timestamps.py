"""Time-stamps by a real service (`openssl ts`): what it signed is read, and what is otherwise is named."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from ostiary.adapters.audit.timestamps import anchors_of, request_of, stamp_of, stamped_ms
from ostiary.domain.errors import Refused, Tampered
from tests.servers.timestamp_service import StampingService, stamping

pytestmark = pytest.mark.heavy
CONTENT = b"a checkpoint\n"
AROUND_MS = 120_000
CHANGED = 400


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StampingService]:
    with stamping(tmp_path_factory.mktemp("stamps") / "tsa") as running:
        yield running


@pytest.fixture(autouse=True)
def usual(service: StampingService) -> None:
    service.status, service.replayed = 200, b""


async def test_a_stamp_says_when_somebody_else_saw_a_file(service: StampingService, tmp_path: Path) -> None:
    answer = await stamp_of(service.url, CONTENT, os.urandom)
    seen_ms = stamped_ms(answer, CONTENT, anchors_of(str(service.ca)))
    assert abs(seen_ms - time.time() * 1000) < AROUND_MS
    (tmp_path / "stamp").write_bytes(answer)
    (tmp_path / "content").write_bytes(CONTENT)
    assert service.verifies(tmp_path / "stamp", tmp_path / "content"), "openssl says so, too"


async def test_a_stamp_of_another_file_is_none(service: StampingService) -> None:
    answer = await stamp_of(service.url, CONTENT, os.urandom)
    with pytest.raises(Tampered, match="of another file"):
        stamped_ms(answer, CONTENT + b"x", ())


async def test_an_answer_to_an_earlier_question_is_refused(service: StampingService) -> None:
    service.replayed = await stamp_of(service.url, CONTENT, os.urandom)
    with pytest.raises(Refused, match="answers another question"):
        await stamp_of(service.url, CONTENT, os.urandom)


@pytest.mark.parametrize("status", [301, 404, 500])
async def test_a_service_that_does_not_stamp_is_told(service: StampingService, status: int) -> None:
    service.status = status
    with pytest.raises(Refused, match=f"status {status}"):
        await stamp_of(service.url, CONTENT, os.urandom)


async def test_a_service_that_refuses_is_told(service: StampingService) -> None:
    service.replayed = service.answer(b"no request")
    with pytest.raises(Refused, match="did not stamp it"):
        await stamp_of(service.url, CONTENT, os.urandom)


async def test_one_that_is_not_there_is_told() -> None:
    with pytest.raises(Refused, match="did not answer"):
        await stamp_of("http://127.0.0.1:9", CONTENT, os.urandom)


async def test_a_stamp_of_a_service_that_nobody_vouches_for_is_named(service: StampingService, tmp_path: Path) -> None:
    answer = await stamp_of(service.url, CONTENT, os.urandom)
    other = StampingService(tmp_path / "other")
    other.make()
    with pytest.raises(Tampered, match="nobody of those who may"):
        stamped_ms(answer, CONTENT, anchors_of(str(other.ca)))
    forged = other.answer(request_of(sha256(CONTENT).digest(), bytes(8)))
    assert stamped_ms(forged, CONTENT, ()) > 0, "without certificates nobody's name is checked"
    with pytest.raises(Tampered, match="nobody of those who may"):
        stamped_ms(forged, CONTENT, anchors_of(str(service.ca)))


async def test_any_byte_that_changes_is_noticed_or_changes_nothing(service: StampingService) -> None:
    """Bytes of what is neither signed nor looked at may change: the time never does."""
    answer, anchors = await stamp_of(service.url, CONTENT, os.urandom), anchors_of(str(service.ca))
    seen_ms, chance = stamped_ms(answer, CONTENT, anchors), random.Random(7)
    for _ in range(CHANGED):
        spoiled = bytearray(answer)
        spoiled[chance.randrange(len(spoiled))] ^= 1 << chance.randrange(8)
        try:
            assert stamped_ms(bytes(spoiled), CONTENT, anchors) == seen_ms
        except Tampered:
            continue


@pytest.mark.parametrize("cut", [b"", b"\x30", b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", bytes(50), os.urandom(200)])
def test_what_is_no_stamp_is_named(cut: bytes) -> None:
    with pytest.raises(Tampered):
        stamped_ms(cut, CONTENT, ())


@pytest.mark.parametrize(("content", "problem"), [(None, "cannot be read"), ("no certificate", "holds no certificate")])
def test_certificates_that_are_none_are_told(tmp_path: Path, content: str | None, problem: str) -> None:
    if content is not None:
        (tmp_path / "ca.pem").write_text(content)
    with pytest.raises(Refused, match=problem):
        anchors_of(str(tmp_path / "ca.pem"))
