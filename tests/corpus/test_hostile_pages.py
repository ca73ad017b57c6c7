"""Every PDF and HEIC of the corpus gets the codes it must get, in a process that cannot cost more than it may."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from ostiary.adapters.pages.open_page import WAIT_S, is_available
from ostiary.adapters.pictures.probe import probe
from ostiary.domain.documents.pictures import PictureLimits, judge_picture

if not is_available():
    pytest.skip("the extra `documents` is not installed", allow_module_level=True)

from tests.corpus import heic_files, pdf_files, pdf_objects
from tests.corpus.hostile import Case
from tests.corpus.made import file_of

pytestmark = pytest.mark.heavy

CASES = (*pdf_files.CASES, *heic_files.CASES)
LIMITS = PictureLimits().with_pages()
MOST_CPU_S = 2.0
SLACK_S = 0.15
"""The system looks at a process's clock some hundred times a second, and our own process waits and measures."""
MOST_MEMORY_MB = 300
MEASURE = """
import json, resource, sys
from pathlib import Path
from ostiary.adapters.pictures.probe import probe
from ostiary.domain.documents.pictures import PictureLimits, judge_picture
limits = PictureLimits().with_pages()
for line in sys.stdin:
    content = Path(line.rstrip()).read_bytes()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    findings = probe(content, limits)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    took_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    memory_kb = after.ru_maxrss if after.ru_maxrss > before.ru_maxrss else 0
    refused = judge_picture("passport", "image_front", findings, limits)
    print(json.dumps([[rejection.code.value for rejection in refused], took_s, memory_kb]), flush=True)
"""
"""A small process, since a child's peak memory counts from what its parent had. Memory is that of the largest of its
children so far, so that it says something of those alone that are larger than all before."""


@pytest.fixture(scope="module")
def intake() -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", MEASURE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as measuring:
        yield measuring


def test_names_tell_cases_apart() -> None:
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_page_gets_its_codes_in_time_and_in_little_memory(intake: subprocess.Popen[str], case: Case) -> None:
    """Opened once: what that came to, and what it took, are looked at together."""
    assert intake.stdin is not None
    assert intake.stdout is not None
    path = file_of(case)
    begun = time.perf_counter()
    intake.stdin.write(f"{path}\n")
    intake.stdin.flush()
    codes, used_s, memory_kb = json.loads(intake.stdout.readline())
    took_s = time.perf_counter() - begun
    assert set(codes) == case.codes
    assert took_s < WAIT_S + 1
    assert used_s <= MOST_CPU_S + SLACK_S
    if sys.platform == "linux":  # elsewhere memory is counted in bytes
        assert memory_kb // 1024 <= MOST_MEMORY_MB


def test_without_the_libraries_pages_are_refused_by_their_type() -> None:
    for content, code in ((pdf_objects.page(), "PDF"), (heic_files.plain(), "HEIC")):
        (refused,) = judge_picture("passport", "image_front", probe(content, PictureLimits()), PictureLimits())
        assert refused.code.value == "image_type_not_supported"
        assert refused.reason == f"{code} files are not supported, only JPEG, PNG, WEBP or BMP."
