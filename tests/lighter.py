"""What makes a run of tests lighter, and no rule weaker: files in memory, catalogues read and specimens drawn once,
and passwords whose hashes cost nothing.

Commands and services that tests start as processes of their own hash at the full price, as `adapters/test_accounts.py`
does, which is about it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import OrderedDict
from functools import cache, lru_cache
from pathlib import Path
from types import SimpleNamespace

from argon2 import PasswordHasher

from ostiary import app
from ostiary.adapters.accounts import passwords
from ostiary.adapters.config import catalogue_file, pinned_catalogues
from ostiary.adapters.reader.availability import missing
from ostiary.cli.doctor import reader
from ostiary.cli.parsing import parser
from ostiary.domain.catalogue.catalogue import Catalogue
from ostiary.specimens import drawing
from ostiary.storage import opening
from tests.servers import warm

IN_MEMORY = Path("/dev/shm")  # noqa: S108 (a folder of ours is made in it)
FREE_BYTES, AVAILABLE_BYTES = 4 << 30, 8 << 30
"""What a run writes, several times over; and of the machine's memory, so that the rest of it stays usable."""
HASHED_KIB, MOST_CATALOGUES, MOST_SPECIMENS = 8, 64, 48
REAL = passwords._hasher, passwords._unused
"""What the service hashes with."""
REALLY_READ = reader.specimen_read
"""What `doctor` has read each time."""


def compile_once() -> None:
    """What is compiled of source and tests is kept, whatever PYTHONDONTWRITEBYTECODE says: every process that a test
    starts would do it again, which is most of a start."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False


def write_to_memory() -> None:
    """Temporary files of this process and its children lie in memory where there is room, unless TMPDIR says where.

    A test kills processes, which loses nothing that was written; none cuts the machine's power. So nothing is proved by
    waiting for a disk, which most of a test's time was.
    """
    if "TMPDIR" in os.environ or not _has_room():
        return
    os.environ["TMPDIR"] = str(IN_MEMORY)
    tempfile.tempdir = None


def _has_room() -> bool:
    if not os.access(IN_MEMORY, os.W_OK):
        return False
    place = os.statvfs(IN_MEMORY)
    lines = Path("/proc/meminfo").read_text().splitlines()
    available_bytes = next(int(line.split()[1]) << 10 for line in lines if line.startswith("MemAvailable:"))
    has_room = place.f_bavail * place.f_frsize >= FREE_BYTES and available_bytes >= AVAILABLE_BYTES
    return has_room and not place.f_flag & os.ST_NOEXEC


@cache
def _light_hasher() -> PasswordHasher:
    return PasswordHasher(1, HASHED_KIB, passwords.LANES, passwords.HASH_BYTES, passwords.SALT_BYTES)


def hash_lightly() -> None:
    """In this process: tests about people sign in some two thousand times."""
    unused = passwords._unused().replace(f"m={passwords.MEMORY_KIB},t={passwords.PASSES}", f"m={HASHED_KIB},t=1")
    vars(passwords).update(_hasher=_light_hasher, _unused=lambda: unused)


def read_catalogues_once() -> None:
    """Of the same text the same value, which nothing changes: reading one takes longer than most tests. The name of its
    file stands in faults alone, and what has any is no value."""
    parse, read = catalogue_file.parse, OrderedDict[tuple[str, bool], Catalogue]()

    def parse_once(source: str, name: str, *, is_kept: bool = False, folder: Path | None = None) -> Catalogue:
        if "terms:" in source:
            return parse(source, name, is_kept=is_kept, folder=folder)  # which depends on what lies beside the file
        if (source, is_kept) not in read:
            read[source, is_kept] = parse(source, name, is_kept=is_kept)
        while len(read) > MOST_CATALOGUES:
            read.popitem(last=False)
        return read[source, is_kept]

    for module in (catalogue_file, pinned_catalogues):
        vars(module)["parse"] = parse_once


def migrate_warm() -> None:
    """What is migrated in this process, is so by a process that has imported already. `storage/test_schema.py` and
    commands and services that tests start have one that has not."""

    def run(*_: object, input: str, env: dict[str, str], **how: object) -> subprocess.CompletedProcess[str]:
        return warm.run("ostiary.storage.schema.upgrade:main", given=input, variables=env)

    vars(opening)["subprocess"] = SimpleNamespace(run=run)


def try_reader_once() -> None:
    """`doctor` has a specimen read by a reader of its own, which takes more than a second of a processor, and comes to
    the same each time. Whether it can be read is `cli/test_checkup_reader.py`, which asks without this."""
    vars(reader)["specimen_read"] = lru_cache(1)(REALLY_READ)


def draw_once() -> None:
    """The same specimen is the same bytes, whichever test asks for it."""
    vars(drawing)["specimen"] = lru_cache(MOST_SPECIMENS)(drawing.specimen)


def look_for_libraries_once() -> None:
    """Those of documents do not come and go; every installation that is opened looks for them."""
    vars(app)["missing"] = cache(missing)


def parse_words_once() -> None:
    """What all commands take is put together for each call, which is nine tenths of one that is called in this process;
    reading words with it changes nothing."""
    vars(parser)["make_parser"] = cache(parser.make_parser)
