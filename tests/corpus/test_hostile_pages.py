"""Every PDF and HEIC of the corpus gets the codes it must get, in a process that cannot cost more than it may."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator

import pytest

from ostiary.adapters.pages.open_page import WAIT_S, is_available
from ostiary.adapters.pictures.probe import probe
from ostiary.domain.documents.pictures import PictureLimits, judge_picture

if not is_available():
    pytest.skip("the extra `documents` is not installed", allow_module_level=True)

import pillow_heif

from tests.corpus import heic_files, pdf_files, pdf_objects
from tests.corpus.hostile import Case
from tests.corpus.made import file_of
from tests.corpus.opening import Open, opening

pytestmark = pytest.mark.heavy

CASES = (*pdf_files.CASES, *heic_files.CASES)
LIMITS = PictureLimits().with_pages()
MOST_CPU_S = 2.0
SLACK_S = 0.15
"""The system looks at a process's clock some hundred times a second, and our own process waits and measures."""
MOST_MEMORY_MB = 300


@pytest.fixture(scope="module")
def intake() -> Iterator[Open]:
    with opening("intake") as opened:
        yield opened


def test_names_tell_cases_apart() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", pdf_files.marked(CASES))
def test_a_hostile_page_gets_its_codes_in_time_and_in_little_memory(intake: Open, case: Case) -> None:
    """Opened once: what that came to, and what it took, are looked at together."""
    path = file_of(case)
    begun = time.perf_counter()
    answer = intake(path)
    took_s = time.perf_counter() - begun
    assert set(answer.ended) == case.codes
    assert took_s < WAIT_S + 1
    assert answer.took_s <= MOST_CPU_S + SLACK_S
    if sys.platform == "linux":  # elsewhere memory is counted in bytes
        assert answer.memory_kb // 1024 <= MOST_MEMORY_MB


@pytest.mark.release
@pytest.mark.parametrize("name", heic_files.VAST)
def test_what_is_kept_is_what_would_be_encoded(name: str) -> None:
    """Of which every test above opens what is kept."""
    stored, encoded = (pillow_heif.open_heif(content) for content in (heic_files.vast(name), heic_files.VAST[name]()))
    assert (stored.size, stored.mode, stored.info["bit_depth"]) == (
        encoded.size,
        encoded.mode,
        encoded.info["bit_depth"],
    )


def test_without_the_libraries_pages_are_refused_by_their_type() -> None:
    for content, code in ((pdf_objects.page(), "PDF"), (heic_files.plain(), "HEIC")):
        (refused,) = judge_picture("passport", "image_front", probe(content, PictureLimits()), PictureLimits())
        assert refused.code.value == "image_type_not_supported"
        assert refused.reason == f"{code} files are not supported, only JPEG, PNG, WEBP or BMP."
