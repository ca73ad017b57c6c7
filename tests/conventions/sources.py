"""Source files as trees, each read and parsed once for all that look at it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).parents[2]
T = TypeVar("T")


@cache
def text_of(path: Path) -> str:
    """What stands in a file."""
    return path.read_text()


@cache
def tree_of(path: Path) -> ast.Module:
    """A file of Python, parsed. Whoever looks at it must not change it."""
    return ast.parse(text_of(path))


@cache
def nodes_of(tree: ast.AST) -> tuple[ast.AST, ...]:
    """Everything in a tree, walked once for all the rules that look at it."""
    return tuple(ast.walk(tree))


def breaches(paths: Iterable[Path], find: Callable[[Path], T]) -> dict[str, T]:
    """What a rule finds in each file, by the file's name. Empty: it holds everywhere. One test looks at all files:
    a thousand tests of one line cost more than what they look at."""
    return {str(path.relative_to(ROOT)): breach for path in paths if (breach := find(path))}
