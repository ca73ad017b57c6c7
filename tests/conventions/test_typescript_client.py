"""The TypeScript client follows from the service's own types, has what the Python client has, and explains it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import ostiary
from generation.choice import BODIES
from generation.structs import all_kinds, hints_of, name_of
from generation.typescript import shape
from generation.writing import TYPESCRIPT, generated_typescript
from ostiary.api.operations import TABLE
from ostiary.wire.answer import Answer
from tests.conventions.sources import ROOT, breaches
from tests.conventions.test_python_client import PAGE, PARTS, methods_of

PACKAGE = ROOT / "clients" / "typescript"
FILES = sorted(path for path in TYPESCRIPT.rglob("*.ts"))
BY_HAND = [path for path in FILES if path.parent.name != "generated"]
OF_NODE = {"node:crypto", "node:fs/promises"}
"""What it needs of Node.js: signatures, and files where a path is given."""
LINES_MOST, WIDTH_MOST = 350, 120
LOCKS = [*sorted((ROOT / "tests").rglob("package-lock.json")), PACKAGE / "package-lock.json"]
METADATA = json.loads((PACKAGE / "package.json").read_text())


def camel(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(word.title() for word in others)


def test_generating_again_gives_the_same_files() -> None:
    stale = [name for name, text in generated_typescript().items() if text != (TYPESCRIPT / name).read_text()]
    assert stale == [], "run `make clients`"


def test_no_generated_file_is_left_over() -> None:
    there = {str(path.relative_to(TYPESCRIPT)) for path in FILES if path not in BY_HAND}
    assert there == set(generated_typescript())


def test_every_operation_has_a_method() -> None:
    sources = "".join(path.read_text() for path in (TYPESCRIPT / "api").glob("*.ts"))
    used = set(re.findall(r"\boperations\.([A-Z_]+)\b", sources))
    assert used == {operation.name.upper() for operation in TABLE}, "run `make clients`, and write its method there"


@pytest.mark.parametrize("part", PARTS)
def test_it_has_the_methods_of_the_python_client(part: str) -> None:
    text = (TYPESCRIPT / "api" / f"{part}.ts").read_text()
    methods = set(re.findall(r"^  (?:async )?\*?(\w+)\(", text, re.MULTILINE)) - {"constructor"}
    assert methods == set(map(camel, methods_of(PARTS[part])))
    assert f"  readonly {part}: " in (TYPESCRIPT / "client.ts").read_text()


def test_what_looks_at_answers_knows_the_fields_of_each() -> None:
    text = (TYPESCRIPT / "generated" / "shapes.ts").read_text()
    for kind in (kind for kind in all_kinds() if kind not in BODIES):
        assert issubclass(kind, Answer)
        [fields] = re.findall(rf"^  {name_of(kind)}: {{\n(.*?)^  }},", text, re.DOTALL | re.MULTILINE)
        named = dict(re.findall(r'^    (\w+): "\??(.+)",$', fields, re.MULTILINE))
        assert named == {name: shape(hint) for name, hint in hints_of(kind).items()}


def test_every_event_is_told_from_the_others() -> None:
    text = (TYPESCRIPT / "generated" / "events.ts").read_text()
    events = re.findall(r"^export interface (\w+) {\n(?:(?!^}).*\n)*?  readonly event_type: ", text, re.MULTILINE)
    webhooks = (TYPESCRIPT / "webhooks.ts").read_text()
    assert {"StatusChanged", "RenewalEvent"} <= set(events)
    assert [event for event in events if f"& {event})" not in webhooks or f'"{event}"]' not in webhooks] == []


def imported(path: Path) -> set[str]:
    modules = re.findall(r'(?:from|import\()\s*"([^"]+)"', path.read_text())
    return {module for module in modules if not module.startswith(("./", "../"))}


def test_it_needs_nothing_of_others() -> None:
    assert breaches(FILES, lambda path: imported(path) - OF_NODE) == {}
    assert {"dependencies", "peerDependencies", "optionalDependencies"} & set(METADATA) == set()
    lazily = 'await import("node:fs/promises")'
    assert [path.name for path in FILES if "node:fs" in path.read_text()] == ["pictures.ts"]
    assert lazily in (TYPESCRIPT / "pictures.ts").read_text(), "only where a path is given"


def test_all_have_one_version() -> None:
    lock = json.loads((PACKAGE / "package-lock.json").read_text())
    assert {METADATA["version"], lock["version"], lock["packages"][""]["version"]} == {ostiary.__version__}
    assert f'VERSION = "{ostiary.__version__}"' in (TYPESCRIPT / "calls.ts").read_text()


def test_its_licence_is_ours() -> None:
    assert (PACKAGE / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    assert METADATA["license"] == "Apache-2.0"


def unexplained(path: Path) -> Iterator[str]:
    """What is exported, and public members, without TSDoc before it."""
    before = ""
    for line in path.read_text().splitlines():
        is_public = re.match(
            r"export (?!type \{|\{|\*)|  (?!static|return|constructor|(?:async |readonly )?#|/|\*|})\S.*[({]$", line
        )
        is_member = path.parent.name == "api" and is_public and line.startswith("  ") and not line.startswith("   ")
        if is_public and (line.startswith("export") or is_member) and not before.endswith("*/"):
            yield line
        before = line


def test_all_that_is_exported_explains_itself() -> None:
    assert breaches(FILES, lambda path: list(unexplained(path))) == {}


def test_sources_are_as_short_as_ours() -> None:
    assert breaches(BY_HAND, lambda path: len(path.read_text().splitlines()) > LINES_MOST) == {}
    long = breaches(BY_HAND, lambda path: [line for line in path.read_text().splitlines() if len(line) > WIDTH_MOST])
    assert long == {}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.parent.name)
def test_locks_pin_by_hash_and_name_no_registry(lock: Path) -> None:
    packages = json.loads(lock.read_text())["packages"]
    assert all("resolved" not in entry for entry in packages.values())
    assert all("integrity" in entry for name, entry in packages.items() if name)


def test_the_page_has_what_is_only_here() -> None:
    assert "@ostiary/client" in PAGE
