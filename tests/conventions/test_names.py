"""Names say what they hold: a fault, a side, a document, not `one` or `found`.

A participle says how something came to be, not what it is, and `one` says nothing at all.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.conventions.sources import ROOT, breaches, nodes_of, tree_of

SAYS_NOTHING = frozenset({"one", "told", "said", "found", "made", "known", "kept", "seen"})
HOLDS_FOR = ("src", "tests", "clients")
FILES = [path for folder in HOLDS_FOR for path in sorted((ROOT / folder).rglob("*.py"))]


def names_in(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every name that code gives to something of its own, with its line. Attributes are the affair of their class."""
    for node in nodes_of(tree):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield node.lineno, name
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                yield node.lineno, name
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield node.lineno, name


def fields_in(tree: ast.AST) -> set[tuple[int, str]]:
    """The attributes that classes declare: what is stored or shown may be called as it is there."""
    return {
        (each.lineno, each.target.id)
        for node in nodes_of(tree)
        if isinstance(node, ast.ClassDef)
        for each in node.body
        if isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name)
    }


def empty_names(tree: ast.AST) -> list[str]:
    fields = fields_in(tree)
    return [
        f"line {line}: {name}"
        for line, name in names_in(tree)
        if name.strip("_").lower() in SAYS_NOTHING and (line, name) not in fields
    ]


def test_names_say_what_they_hold() -> None:
    assert breaches(FILES, lambda path: empty_names(tree_of(path))) == {}, "name the thing: fault, side, document"


def test_every_folder_has_files() -> None:
    assert {folder for folder in HOLDS_FOR for path in FILES if path.is_relative_to(ROOT / folder)} == set(HOLDS_FOR)


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("one = 1", ["one"]),
        ("[one for one in x]", ["one"]),
        ("def f(known, *told, **said): ...", ["known", "told", "said"]),
        ("def _told(): ...", ["_told"]),
        ("async def made(): ...", ["made"]),
        ("class Known: ...", ["Known"]),
        ("lambda seen: seen", ["seen"]),
        ("for kept in x: ...", ["kept"]),
        ("if (found := x): ...", ["found"]),
        ("with x as made: ...", ["made"]),
        ("try: ...\nexcept E as told: ...", ["told"]),
        ("match x:\n case [1, *seen]: ...", ["seen"]),
        ("class A:\n seen: int", []),
        ("someone = x.found + known_age(seen_at)", []),
    ],
)
def test_the_check_finds_them(code: str, names: list[str]) -> None:
    assert sorted(each.partition(": ")[2] for each in empty_names(ast.parse(code))) == sorted(names)
