"""Source files as trees, each read and parsed once for all that look at it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path


@cache
def text_of(path: Path) -> str:
    """What stands in a file."""
    return path.read_text()


@cache
def tree_of(path: Path) -> ast.Module:
    """A file of Python, parsed. Whoever looks at it must not change it."""
    return ast.parse(text_of(path))
