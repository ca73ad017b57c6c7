"""NOTICE names all that is passed on with Ostiary: packages, models, libraries within wheels, files of others."""

from __future__ import annotations

import re
from hashlib import sha256
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest

from tests.conventions.test_locks import ROOT, pins_of, plain

NOTICE = (ROOT / "NOTICE").read_text()
SITE = Path(str(distribution("pillow").locate_file("")))
ROW = re.compile(r"^  ([a-z][\w.-]+) {2,}(\S.*?)(?: {2,}|\n {20,})(\S.*(?:\n {40,}\S.*)*)$", re.MULTILINE)
"""Name, licence, copyright; a long one goes on in the next line."""
ELSEWHERE = {"colorama"}
"""Only on systems that these tests do not run on."""
MEANT = {
    "Apache 2.0": "Apache-2.0", "Apache License, Version 2.0": "Apache-2.0", "BSD": "BSD-2-Clause",
    "Apache Software License": "Apache-2.0", "MIT License": "MIT", "PSF-2.0": "PSF-2.0",
    "ISC License (ISCL)": "ISC", "The Unlicense (Unlicense)": "Unlicense", "BSD License": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause", "LGPL": "LGPL-2.1-or-later",
    "BSD-3-Clause, Apache-2.0, dependency licenses": "BSD-3-Clause AND Apache-2.0",
}  # fmt: skip
"""Licences as packages say them in words, as SPDX expressions."""
TWO = {"uvloop": "MIT OR Apache-2.0", "pyrage": "MIT"}
"""The first says one in words, and gives the texts of both; the other says none, and gives the text."""
SAID_IN_SOURCES = {"cel-expr-python", "flatbuffers", "obstore", "tqdm"}
"""Their copyright stands in no licence file of the wheel in one piece; rows of these were looked up by hand."""
OURS = {"default_catalogue.yaml", "default_scenarios.yaml", "OCRB.txt", "py.typed"}
OUR_FOLDERS = {
    "src/ostiary/console/static",
    "src/ostiary/console/templates",
    "src/ostiary/hosted/static",
    "src/ostiary/hosted/templates",
    "src/ostiary/languages/texts",
}
HASHES = {
    "src/ostiary/console/vendor/htmx-2.0.11.min.js": "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717",
    "src/ostiary/console/vendor/htmx.LICENSE": "d3d2456f76414f2456104660ebd65aff1c04cd7966b942bdabd63f3cdb316a38",
}
"""SHA-256 of what others wrote and every browser of the console runs: as its makers published it."""


def section(heading: str) -> str:
    """What stands below a heading (or the file of pins, with a colon), until the next."""
    return re.split(r"\n\n(?=requirements/|\n)", NOTICE.partition(f"\n{heading}")[2])[0]


def rows(text: str) -> dict[str, tuple[str, str]]:
    return {name: (licence, " ".join(whose.split())) for name, licence, whose in ROW.findall(text)}


RUNTIME, DOCUMENTS = (rows(section(f"requirements/{name}.txt")) for name in ("runtime", "documents"))
EVERY = {**RUNTIME, **DOCUMENTS}
HERE = sorted(set(EVERY) - ELSEWHERE)


def licence_of(distribution: Distribution) -> str:
    """As the package's metadata says it: the expression, else the words, else the classifier."""
    metadata = distribution.metadata
    classifiers = [
        classifier.rpartition(" :: ")[2]
        for classifier in metadata.get_all("Classifier", [])
        if classifier.startswith("License ::")
    ]
    licence = metadata["License-Expression"] or metadata["License"] or " ".join(classifiers)
    return MEANT.get(licence, licence)


def texts_of(distribution: Distribution) -> str:
    """Metadata, and every file that tells of licence and authors, as one line."""
    files = [
        file
        for file in distribution.files or []
        if re.search(r"licen[cs]e|copying|notice|author|copyright", str(file), re.I)
    ]
    paths = [Path(str(file.locate())) for file in files if not str(file).endswith((".py", ".pyc", ".pyi"))]
    texts = [str(distribution.metadata.json), *(path.read_text(errors="replace") for path in paths)]
    return " ".join(" ".join(texts).split()).casefold()


def test_every_package_that_running_needs_is_named_and_no_other() -> None:
    runtime, documents = ({pin.partition("[")[0] for pin in pins_of(name)} for name in ("runtime", "documents"))
    assert (set(RUNTIME), set(DOCUMENTS)) == (runtime, documents - runtime)


@pytest.mark.parametrize("name", HERE)
def test_a_package_has_the_licence_that_it_says_it_has(name: str) -> None:
    assert EVERY[name][0] == TWO.get(name, licence_of(distribution(name)))


@pytest.mark.parametrize("name", sorted(set(HERE) - SAID_IN_SOURCES))
def test_whose_a_package_is_stands_in_the_package(name: str) -> None:
    """Each holder, without what is told about the package behind `with`, a colon or in brackets."""
    parts = re.split(
        r"[;,:] with| and (?:other )?contributors$|: (?:rules|reads|HEIC)|; third parties|; its |; PDFium| \(",
        EVERY[name][1],
    )[0]
    texts = texts_of(distribution(name))
    holders = [part.strip().casefold() for part in re.split(r"; |: ", parts)]
    assert [holder for holder in holders if holder not in (name, "antlr", "llhttp") and holder not in texts] == []


def test_a_copyleft_licence_is_told_above_the_table() -> None:
    above = NOTICE.partition("requirements/runtime.txt:")[0]
    bound = {name for name, (licence, _) in EVERY.items() if re.search("GPL|MPL", licence)}
    assert bound == {name for name in EVERY if re.search(rf"\b{name}\b", above)}


@pytest.mark.parametrize("folder", sorted(path.name for path in SITE.glob("*.libs") if plain(path.stem) in EVERY))
def test_every_library_that_a_wheel_carries_is_named(folder: str) -> None:
    package = folder.removesuffix(".libs")
    below = re.search(rf"^  {package} +\S.*(?:\n {{20,}}\S.*)*", section("Libraries that wheels carry"), re.MULTILINE)
    assert below, package
    stems = {re.split(r"-[0-9a-f]{8}|\.so", file.name)[0] for file in (SITE / folder).glob("*.so*")}
    assert {re.sub(r"(_64_|p-r0)$", "", stem).rstrip("-_") for stem in stems} - words(below[0]) == set()


def words(text: str) -> set[str]:
    return set(re.findall(r"[\w.-]+", text))


def test_every_model_that_a_wheel_carries_is_named() -> None:
    carried = {file.name for file in (SITE / "rapidocr" / "models").iterdir() if file.suffix not in (".py", "")}
    assert carried
    assert carried == {word for word in words(section("Models that")) if word.endswith(".onnx")}


def test_every_file_of_others_in_our_sources_is_named() -> None:
    source = ROOT / "src" / "ostiary"
    files = [file for file in source.rglob("*") if file.is_file() and file.suffix not in (".py", ".pyc")]
    named = {str(file.relative_to(ROOT)) for file in files if file.name not in OURS}
    foreign = {name for name in named if name.rpartition("/")[0] not in OUR_FOLDERS}
    assert foreign == set(re.findall(r"^  (src/\S+)", NOTICE, re.MULTILINE))


@pytest.mark.parametrize("name", HASHES)
def test_what_browsers_run_of_others_is_what_they_published(name: str) -> None:
    assert sha256((ROOT / name).read_bytes()).hexdigest() == HASHES[name]


def test_every_file_of_others_for_browsers_has_its_hash() -> None:
    vendor = ROOT / "src/ostiary/console/vendor"
    assert {str(file.relative_to(ROOT)) for file in vendor.iterdir()} == set(HASHES)
