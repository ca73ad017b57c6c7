"""The images: what they are built from, what they leave behind, and as whom they run. No engine is needed."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ostiary import __version__
from ostiary.cli.parsing.parser import make_parser
from tests.conventions.test_deploy import DIGEST, IMAGES, PORT, ROOT


def instructions(path: Path) -> Iterator[tuple[str, str]]:
    """Each instruction with what follows it, continued lines joined."""
    text = re.sub(r"^\s*#.*\n", "", path.read_text(), flags=re.MULTILINE).replace("\\\n", " ")
    for line in filter(str.strip, text.splitlines()):
        word, _, rest = line.partition(" ")
        yield word, " ".join(rest.split())


def last_stage(path: Path) -> list[tuple[str, str]]:
    found = list(instructions(path))
    begins = max(place for place, (word, _) in enumerate(found) if word == "FROM")
    return found[begins:]


def said(stage: list[tuple[str, str]], wanted: str) -> list[str]:
    return [rest for word, rest in stage if word == wanted]


@pytest.mark.parametrize("path", IMAGES.values(), ids=list(IMAGES))
def test_an_image_runs_as_a_numbered_user_and_says_how_it_is_and_how_it_ends(path: Path) -> None:
    stage = last_stage(path)
    assert [bool(re.fullmatch(r"[1-9]\d*:[1-9]\d*", one)) for one in said(stage, "USER")] == [True]
    assert stage.index(("USER", said(stage, "USER")[0])) > max(
        place for place, (word, _) in enumerate(stage) if word in ("RUN", "COPY", "FROM")
    )
    [check] = said(stage, "HEALTHCHECK")
    assert isinstance(json.loads(check.partition("CMD ")[2]), list)
    assert said(stage, "STOPSIGNAL")
    assert isinstance(json.loads(said(stage, "ENTRYPOINT")[0]), list), "a shell would keep signals to itself"
    assert "org.opencontainers.image.title=" in said(stage, "LABEL")[0]
    assert "ADD" not in {word for word, _ in instructions(path)}


@pytest.mark.parametrize("path", IMAGES.values(), ids=list(IMAGES))
def test_an_image_begins_with_a_name_of_a_version_and_no_address(path: Path) -> None:
    text = path.read_text()
    bases = [one.split(" AS ")[0] for one in said(list(instructions(path)), "FROM")]
    known = dict(one.split("=", 1) for one in said(list(instructions(path)), "ARG"))
    named = {known["PYTHON"] if one == "${PYTHON}" else one for one in bases}
    assert all(re.fullmatch(rf"[a-z]+:\d[\w.-]*{DIGEST}", one) for one in named)
    assert "://" not in text.replace("http://127.0.0.1", "")


def test_ours_is_built_from_what_is_pinned_and_leaves_the_tools_behind() -> None:
    path = IMAGES["Containerfile"]
    every, last = list(instructions(path)), last_stage(path)
    assert len(said(every, "FROM")) == 2
    installs = [
        one for rest in said(every, "RUN") for one in rest.split("&&") if re.search(r"\bpip\b.* install\b", one)
    ]
    assert len(installs) == 3
    assert all("--require-hashes" in one or "--no-index" in one for one in installs)
    assert not [one for one in said(last, "RUN") if re.search(r"apt-get|gcc|pip install|build-essential", one)]
    assert "pip uninstall" in said(last, "RUN")[0]
    labels = said(last, "LABEL")[0]
    assert all(f"org.opencontainers.image.{one}=" in labels for one in ("title", "licenses", "version", "revision"))
    assert f"VERSION={__version__}" in said(last, "ARG")
    assert said(last, "STOPSIGNAL") == ["SIGTERM"]
    assert said(last, "EXPOSE") == [str(PORT)]
    arguments = make_parser().parse_args(json.loads(said(last, "CMD")[0]))
    assert (arguments.command, arguments.host, arguments.port) == ("serve", "0.0.0.0", PORT)


def test_what_is_copied_is_there_and_let_into_the_build() -> None:
    copied = [
        one.split()[:-1] for one in said(list(instructions(IMAGES["Containerfile"])), "COPY") if "--from" not in one
    ]
    let_in = {one.removeprefix("!") for one in (ROOT / ".dockerignore").read_text().splitlines() if one.startswith("!")}
    sources = {one for each in copied for one in each}
    assert sources == let_in
    assert not [one for one in sources if not (ROOT / one).exists()]
    assert (ROOT / ".dockerignore").read_text().startswith("*\n"), "nothing else, the data folder and keys least of all"
