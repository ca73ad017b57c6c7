"""`python -m tests.unsteady TIMES [PYTEST OPTIONS]`: runs what failed last again, alone, so many times.

A test that fails beside hundreds of others and passes alone waits for a time, or counts on an order: it is a fault of
the test, named here for whoever mends it, and does not hold up a change that has nothing to do with it. One that fails
again is what it seems. The exit status is 0 if all passed every time.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

MOST_UNSTEADY = 5
"""More at once are no accident: of ten thousand tests beside each other on two cores."""
CACHE = os.environ.get("TESTS_CACHE", ".pytest_cache")
"""Where the run that failed remembers what did: of two at once each has a folder of its own."""
LAST_FAILED = Path(CACHE) / "v" / "cache" / "lastfailed"


def main(arguments: list[str]) -> int:
    """The exit status."""
    times, options = int(arguments[0]), arguments[1:]
    failed = sorted(json.loads(LAST_FAILED.read_text())) if LAST_FAILED.exists() else []
    if not 0 < len(failed) <= MOST_UNSTEADY:
        sys.stdout.write(f"{len(failed)} tests failed: nothing that is run again.\n")
        return 1
    command = [sys.executable, "-m", "pytest", "-q", "-o", f"cache_dir={CACHE}"]
    for _ in range(times):
        if subprocess.run([*command, *options, *failed]).returncode:
            return 1
    words = "UNSTEADY, to be mended: failed beside others, and passed alone every time:"
    sys.stdout.write("\n  ".join((words, *failed)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
