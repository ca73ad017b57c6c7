"""Where the console's templates, style, scripts and pictures are."""

from __future__ import annotations

from pathlib import Path

from ostiary.html.static_files import StaticFiles

HOME = Path(__file__).parent
TEMPLATES = HOME / "templates"
PREFIX = "/console/static"


def own_files() -> StaticFiles:
    """All that the console's pages fetch."""
    return StaticFiles(PREFIX, (HOME / "static", HOME / "vendor"))
