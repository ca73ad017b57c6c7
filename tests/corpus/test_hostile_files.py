"""Every file of the corpus gets the codes it must get, soon and in little memory."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from ostiary.adapters.pictures.probe import probe
from ostiary.domain.documents.pictures import PictureLimits, judge_picture
from tests.corpus.hostile import CASES, Case
from tests.corpus.made import content_of, file_of

pytestmark = pytest.mark.heavy

LONGEST_S = 2
TRIES = 3
"""Processor time, too, is longer where many share the cores and their caches."""
MOST_MEMORY_MB = 300
MEASURE = """
import sys
from pathlib import Path
import numpy, ostiary.adapters.pictures.measures
from PIL import Image, JpegImagePlugin, PngImagePlugin, WebPImagePlugin
from ostiary.adapters.pictures.probe import probe
from ostiary.domain.documents.pictures import PictureLimits
def peak_kb():
    return next(int(line.split()[1]) for line in Path("/proc/self/status").open() if line.startswith("VmHWM"))
for path in sorted(Path(sys.argv[1]).iterdir()):
    content = path.read_bytes()
    Path("/proc/self/clear_refs").write_text("5")
    before = peak_kb()
    probe(content, PictureLimits())
    print((peak_kb() - before) // 1024, path.name)
"""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_hostile_file_gets_its_codes_at_once(case: Case) -> None:
    content = content_of(case)
    for _ in range(TRIES):
        begun = time.process_time()
        findings = probe(content, PictureLimits())
        took_s = time.process_time() - begun
        if took_s < LONGEST_S:
            break
    assert {
        rejection.code.value for rejection in judge_picture("passport", "image_front", findings, PictureLimits())
    } == case.codes
    assert took_s < LONGEST_S


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="peak memory is read from Linux's /proc")
def test_no_file_takes_much_memory(tmp_path: Path) -> None:
    assert len({case.name for case in CASES}) == len(CASES), "names tell cases apart"
    for number, case in enumerate(CASES):
        (tmp_path / f"{number:03}").symlink_to(file_of(case))
    done = subprocess.run([sys.executable, "-c", MEASURE, str(tmp_path)], capture_output=True, text=True, check=True)
    taken = {CASES[int(name)].name: int(mb) for mb, name in (line.split() for line in done.stdout.splitlines())}
    assert len(taken) == len(CASES)
    assert {name: mb for name, mb in taken.items() if mb > MOST_MEMORY_MB} == {}
