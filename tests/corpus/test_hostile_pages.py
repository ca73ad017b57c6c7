"""Every PDF and HEIC of the corpus gets the codes it must get, in a process that cannot cost more than it may."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from ostiary.adapters.pages.open_page import WAIT_S, is_available
from ostiary.adapters.pictures.probe import probe
from ostiary.domain.documents.pictures import PictureLimits, judge_picture

if not is_available():
    pytest.skip("the extra `documents` is not installed", allow_module_level=True)

from tests.corpus import heic_files, pdf_files, pdf_objects
from tests.corpus.hostile import Case
from tests.corpus.made import content_of, file_of

pytestmark = pytest.mark.heavy

CASES = (*pdf_files.CASES, *heic_files.CASES)
LIMITS = PictureLimits().with_pages()
MOST_CPU_S = 2.0
SLACK_S = 0.15
"""The system looks at a process's clock some hundred times a second, and our own process waits and measures."""
MOST_MEMORY_MB = 300
MEASURE = """
import resource, sys
from pathlib import Path
from ostiary.adapters.pages.open_page import first_page
for path in sorted(Path(sys.argv[1]).iterdir()):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    first_page(path.read_bytes(), 64_000_000)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    took_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(path.name, took_s, after.ru_maxrss)
"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The corpus on disk, by name, in a folder of its own."""
    folder = tmp_path_factory.mktemp("corpus")
    paths = {case.name: folder / f"{number:03}" for number, case in enumerate(CASES)}
    assert len(paths) == len(CASES), "names tell cases apart"
    for case in CASES:
        paths[case.name].symlink_to(file_of(case))
    return paths


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_page_gets_its_codes_in_time(case: Case) -> None:
    content = content_of(case)
    begun = time.perf_counter()
    findings = probe(content, LIMITS)
    took_s = time.perf_counter() - begun
    assert {
        rejection.code.value for rejection in judge_picture("passport", "image_front", findings, LIMITS)
    } == case.codes
    assert took_s < WAIT_S + 1


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted in kB there, in bytes elsewhere")
def test_no_page_takes_much_time_or_memory(files: dict[str, Path]) -> None:
    """Measured in a small process: a child's peak memory counts from what its parent had."""
    (folder,) = {path.parent for path in files.values()}
    done = subprocess.run([sys.executable, "-c", MEASURE, str(folder)], capture_output=True, text=True, check=True)
    names = {path.name: name for name, path in files.items()}
    costs = [(names[name], float(s), int(kb) // 1024) for name, s, kb in map(str.split, done.stdout.splitlines())]
    assert len(costs) == len(CASES)
    assert {name: s for name, s, _ in costs if s > MOST_CPU_S + SLACK_S} == {}
    assert [name for name, _, mb in costs if mb > MOST_MEMORY_MB][:1] == []


def test_without_the_libraries_pages_are_refused_by_their_type() -> None:
    for content, code in ((pdf_objects.page(), "PDF"), (heic_files.plain(), "HEIC")):
        (refused,) = judge_picture("passport", "image_front", probe(content, PictureLimits()), PictureLimits())
        assert refused.code.value == "image_type_not_supported"
        assert refused.reason == f"{code} files are not supported, only JPEG, PNG, WEBP or BMP."
