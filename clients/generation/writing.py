"""All generated files of both clients; those in Python in the format of the house."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from generation import models, plain, tables, typescript, typescript_tables

HERE = Path(__file__).resolve().parent
PACKAGE = HERE.parent / "python" / "src" / "ostiary_client"
TYPESCRIPT = HERE.parent / "typescript" / "src"
BY_HAND = ("waiting.py",)
"""What differs between both clients."""
RUFF = str(Path(sys.executable).with_name("ruff"))
STYLE = ("--line-length", "120", "--target-version", "py311")
OURS = "lint.isort.known-first-party = ['ostiary_client']"


def generated() -> dict[str, str]:
    """The text of each file, by its name within the package."""
    texts = {f"generated/{name}.py": text for name, text in models.files().items()}
    texts["generated/operations.py"] = tables.operations()
    texts["types.py"] = tables.types()
    texts["generated/refusals.py"] = tables.refusals()
    for source in sorted((PACKAGE / "asynchronous").glob("*.py")):
        if source.name not in BY_HAND:
            texts[f"synchronous/{source.name}"] = plain.plain(source.read_text())
    return _formatted(texts)


def generated_typescript() -> dict[str, str]:
    """The text of each file of the client for TypeScript, by its name within its sources."""
    texts = {f"generated/{name}.ts": text for name, text in typescript.files().items()}
    texts["generated/shapes.ts"] = typescript.shapes()
    texts["generated/operations.ts"] = typescript_tables.operations()
    texts["generated/refusals.ts"] = typescript_tables.refusals()
    texts["generated/index.ts"] = typescript_tables.index()
    return texts


def _formatted(texts: dict[str, str]) -> dict[str, str]:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name, text in texts.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text)
        sort = ("check", "--fix-only", "--select", "I", "--config", OURS)
        for command in (("format",), sort, ("format",)):
            line = [RUFF, command[0], "--isolated", "--quiet", *STYLE, *command[1:], folder]
            subprocess.run(line, check=True)  # noqa: S603 - our own formatter
        return {name: (folder / name).read_text() for name in texts}
