"""Where a small fault can be put into the code, and what it would be.

A place is named by its file and the text of its line, not by a line number, so that a list made for one version of the
code can be tried on a later one as long as the line itself is there.
"""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

FLIPPED = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==",
    "in": "not in", "not in": "in", "is": "is not", "is not": "is", "and": "or", "or": "and",
}  # fmt: skip
SQL_FLIPPED = {
    " < ": " <= ",
    " <= ": " < ",
    " > ": " >= ",
    " >= ": " > ",
    " DESC": " ASC",
    " = ?": " <> ?",
    " AND ": " OR ",
}
SQL = re.compile(r"\b(SELECT|UPDATE|DELETE|INSERT)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """One fault. `line` is the line's text as it is, `column` and `end` what of it is replaced by `after`."""

    file: str
    function: str
    line: str
    column: int
    end: int
    after: str

    @property
    def shown(self) -> str:
        changed = self.line[: self.column] + self.after + self.line[self.end :]
        return f"{self.file} {self.function}: {self.line.strip()}  →  {changed.strip()}"


def mutants_of(root: Path, file: str) -> list[Mutant]:
    """Every fault that can be put into one file, which is named relative to `root`."""
    source = (root / file).read_text("utf-8")
    lines = source.splitlines()
    found = [mutant for mutant in _in_code(ast.parse(source), lines, file) if lines.count(mutant.line) == 1]
    return [mutant for mutant in found if _is_code(apply(root, mutant) or "")]


def choose(root: Path, files: list[str], count: int, seed: int) -> list[Mutant]:
    """So many of the faults of these files, drawn by chance, at most three in a file; the same for the same seed."""
    chance = Random(seed)
    pool = [mutant for file in files for mutant in mutants_of(root, file)]
    chance.shuffle(pool)
    taken: dict[str, int] = {}
    chosen: list[Mutant] = []
    for mutant in pool:
        if len(chosen) < count and taken.get(mutant.file, 0) < 3:
            taken[mutant.file] = taken.get(mutant.file, 0) + 1
            chosen.append(mutant)
    return chosen


def apply(root: Path, mutant: Mutant) -> str | None:
    """The text of the file with the fault in it; None where the line is no longer there, or no longer alone."""
    path = root / mutant.file
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    if lines.count(mutant.line) != 1:
        return None
    at = lines.index(mutant.line)
    lines[at] = mutant.line[: mutant.column] + mutant.after + mutant.line[mutant.end :]
    return "\n".join(lines) + "\n"


def _is_code(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _in_code(tree: ast.Module, lines: list[str], file: str) -> Iterator[Mutant]:
    for function, node in _nodes(tree):
        for row, column, end, after in _changes(node, lines, is_inside=function != ""):
            yield Mutant(
                file=file, function=function or "module", line=lines[row - 1], column=column, end=end, after=after
            )


def _nodes(tree: ast.AST, inside: str = "") -> Iterator[tuple[str, ast.AST]]:
    for child in ast.iter_child_nodes(tree):
        name = inside
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            name = child.name
        yield name, child
        yield from _nodes(child, name)


def _changes(node: ast.AST, lines: list[str], *, is_inside: bool) -> Iterator[tuple[int, int, int, str]]:
    """Row, columns from and to, and what stands there instead."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and SQL.search(node.value):
        yield from _sql_changes(node, lines)
    if is_inside and isinstance(node, ast.Compare | ast.BoolOp):
        operands = [node.left, *node.comparators] if isinstance(node, ast.Compare) else node.values
        for left, right in itertools.pairwise(operands):
            yield from _operator_change(left, right, lines)
    elif is_inside and isinstance(node, ast.If):
        yield from _whole(node.test, f"not ({_text(node.test, lines)})")
    elif is_inside and isinstance(node, ast.expr | ast.stmt):
        yield from _replacement(node)


def _replacement(node: ast.expr | ast.stmt) -> Iterator[tuple[int, int, int, str]]:
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not) and node.lineno == node.end_lineno:
        yield node.lineno, node.col_offset, node.operand.col_offset, ""
    elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
        yield from _whole(node, str(not node.value))
    elif isinstance(node, ast.Constant) and isinstance(node.value, int):
        yield from _whole(node, str(node.value + 1))
    elif isinstance(node, ast.Raise) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Await)):
        yield from _whole(node, "pass")


def _whole(node: ast.expr | ast.stmt, after: str) -> Iterator[tuple[int, int, int, str]]:
    if node.lineno == node.end_lineno and node.end_col_offset is not None:
        yield node.lineno, node.col_offset, node.end_col_offset, after


def _text(node: ast.expr, lines: list[str]) -> str:
    return lines[node.lineno - 1][node.col_offset : node.end_col_offset]


def _operator_change(left: ast.expr, right: ast.expr, lines: list[str]) -> Iterator[tuple[int, int, int, str]]:
    if left.end_lineno != right.lineno or left.end_col_offset is None:
        return
    between = lines[right.lineno - 1][left.end_col_offset : right.col_offset]
    operator = between.strip("() ")
    if operator in FLIPPED and f" {operator} " in between:
        start = left.end_col_offset + between.index(operator)
        yield right.lineno, start, start + len(operator), FLIPPED[operator]


def _sql_changes(node: ast.Constant, lines: list[str]) -> Iterator[tuple[int, int, int, str]]:
    assert node.end_lineno is not None
    for row in range(node.lineno, node.end_lineno + 1):
        text = lines[row - 1]
        for before, after in SQL_FLIPPED.items():
            start = text.find(before)
            if start >= 0:
                yield row, start, start + len(before), after
