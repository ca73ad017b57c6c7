"""An installation whose cards are reviewed by a provider called acme."""

from __future__ import annotations

import re
from pathlib import Path

from ostiary.adapters.config import catalogue_file

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


def catalogue(folder: Path, policy: str = "auto", provider: str = "acme") -> Path:
    """The catalogue that ships, with a provider for cards."""
    source = catalogue_file.default_source()
    changed, count = re.subn(
        r"(\n  cards_individuals:\n(?:    .*\n)*?)    policy: \w+.*\n",
        rf"\1    policy: {policy}\n    provider: {provider}\n",
        source,
    )
    assert count == 1
    path = folder / "catalogue.yaml"
    path.write_text(changed)
    return path


def providers(folder: Path, url: str = "http://127.0.0.1:9/") -> Path:
    """A providers file with acme at an address, and its secret."""
    (folder / "acme.secret").write_text(SECRET + "\n")
    path = folder / "providers.yaml"
    path.write_text(f"providers:\n  acme:\n    kind: http\n    url: {url}\n    secret_files: [acme.secret]\n")
    return path
