#!/usr/bin/env python3
"""Puts the digests of today's base images where their names stand: Containerfile, PgBouncer's, and compose.yaml.

    deploy/pin_images.py            asks the registry through skopeo, docker (buildx) or crane, whichever is there
    deploy/pin_images.py --check    ends with 1 when a name has no digest

A digest is computed over the index that the registry gives, so it holds for every architecture. Run again, it moves
to what the same tag means today; look at the change, build, and test before you commit it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PLACES = (HERE.parent / "Containerfile", HERE / "pgbouncer" / "Containerfile", HERE / "compose.yaml")
NAMED = re.compile(
    r"^(?P<before>ARG PYTHON=|FROM |\s+image: )(?P<name>(?!ostiary)[a-z][a-z0-9/._-]*:[\w.-]+)"
    r"(?P<digest>@sha256:[0-9a-f]{64})?(?P<after>[^\n@]*)$",
    re.MULTILINE,
)
"""A base image where it is named: those that are built here, and stages, have no tag of a registry's."""
TOOLS = {
    "skopeo": ("inspect", "--raw", "docker://{}"),
    "docker": ("buildx", "imagetools", "inspect", "--raw", "{}"),
    "crane": ("manifest", "{}"),
}
"""Each prints the bytes of the index, of which the digest is the SHA-256 (OCI distribution, "Pulling manifests")."""
ASK_S = 60


def unpinned(text: str) -> list[str]:
    """The names without a digest."""
    return [one["name"] for one in NAMED.finditer(text) if not one["digest"]]


def pinned(text: str, digests: dict[str, str]) -> str:
    """The text with the digest of each name behind it, whatever stood there."""
    return NAMED.sub(lambda one: f"{one['before']}{one['name']}@{digests[one['name']]}{one['after']}", text)


def asked(name: str) -> str:
    """The digest of what a registry holds under a name. SystemExit says why there is none."""
    for tool, words in TOOLS.items():
        if shutil.which(tool) is None:
            continue
        done = subprocess.run(
            [tool, *(one.format(name) for one in words)], capture_output=True, timeout=ASK_S, check=False
        )
        if done.returncode == 0 and _is_index(done.stdout):
            return f"sha256:{hashlib.sha256(done.stdout).hexdigest()}"
        print(f"{tool}: {name}: {done.stderr.decode(errors='replace').strip()[-300:] or 'no index'}", file=sys.stderr)
    raise SystemExit(
        f"No digest for {name}: install skopeo, docker with buildx, or crane, where a registry is reached."
    )


def _is_index(content: bytes) -> bool:
    """Whether it names images of several architectures: the digest of one of them would hold for that one only."""
    try:
        return bool(json.loads(content)["manifests"])
    except (ValueError, KeyError, TypeError):
        return False


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="change nothing; name what is not pinned")
    given = parser.parse_args()
    texts = {place: place.read_text() for place in PLACES}
    if given.check:
        loose = [f"{place.name}: {name}" for place, text in texts.items() for name in unpinned(text)]
        print("\n".join(loose) or "every base image has its digest")
        return int(bool(loose))
    names = {one["name"] for text in texts.values() for one in NAMED.finditer(text)}
    digests = {name: asked(name) for name in sorted(names)}
    for place, text in texts.items():
        place.write_text(pinned(text, digests))
    print("\n".join(f"{name}@{digest}" for name, digest in digests.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
