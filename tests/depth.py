"""How far a test looks: a little at every change, far before a release (HYPOTHESIS_PROFILE=thorough)."""

from __future__ import annotations

import os

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "fast")


def deep(usual: int, before_release: int) -> int:
    """How many examples, steps or rounds."""
    return before_release if PROFILE == "thorough" else usual
