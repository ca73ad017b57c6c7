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
    steps = list(instructions(path))
    begins = max(place for place, (word, _) in enumerate(steps) if word == "FROM")
    return steps[begins:]


def values_of(stage: list[tuple[str, str]], wanted: str) -> list[str]:
    return [rest for word, rest in stage if word == wanted]


@pytest.mark.parametrize("path", IMAGES.values(), ids=list(IMAGES))
def test_an_image_runs_as_a_numbered_user_and_says_how_it_is_and_how_it_ends(path: Path) -> None:
    stage = last_stage(path)
    assert [bool(re.fullmatch(r"[1-9]\d*:[1-9]\d*", value)) for value in values_of(stage, "USER")] == [True]
    assert stage.index(("USER", values_of(stage, "USER")[0])) > max(
        place for place, (word, _) in enumerate(stage) if word in ("RUN", "COPY", "FROM")
    )
    [check] = values_of(stage, "HEALTHCHECK")
    assert isinstance(json.loads(check.partition("CMD ")[2]), list)
    assert values_of(stage, "STOPSIGNAL")
    assert isinstance(json.loads(values_of(stage, "ENTRYPOINT")[0]), list), "a shell would keep signals to itself"
    assert "org.opencontainers.image.title=" in values_of(stage, "LABEL")[0]
    assert "ADD" not in {word for word, _ in instructions(path)}


@pytest.mark.parametrize("path", IMAGES.values(), ids=list(IMAGES))
def test_an_image_begins_with_a_name_of_a_version_and_no_address(path: Path) -> None:
    text = path.read_text()
    bases = [image.split(" AS ")[0] for image in values_of(list(instructions(path)), "FROM")]
    arguments = dict(argument.split("=", 1) for argument in values_of(list(instructions(path)), "ARG"))
    named = {arguments["PYTHON"] if base == "${PYTHON}" else base for base in bases}
    assert all(re.fullmatch(rf"[a-z]+:\d[\w.-]*{DIGEST}", image) for image in named)
    assert "://" not in text.replace("http://127.0.0.1", "")


def test_ours_is_built_from_what_is_pinned_and_leaves_the_tools_behind() -> None:
    path = IMAGES["Containerfile"]
    every, last = list(instructions(path)), last_stage(path)
    assert len(values_of(every, "FROM")) == 2
    installs = [
        command
        for rest in values_of(every, "RUN")
        for command in rest.split("&&")
        if re.search(r"\bpip\b.* install\b", command)
    ]
    assert len(installs) == 3
    assert all("--require-hashes" in command or "--no-index" in command for command in installs)
    assert not [
        command for command in values_of(last, "RUN") if re.search(r"apt-get|gcc|pip install|build-essential", command)
    ]
    assert "pip uninstall" in values_of(last, "RUN")[0]
    labels = values_of(last, "LABEL")[0]
    assert all(f"org.opencontainers.image.{name}=" in labels for name in ("title", "licenses", "version", "revision"))
    assert f"VERSION={__version__}" in values_of(last, "ARG")
    assert values_of(last, "STOPSIGNAL") == ["SIGTERM"]
    assert values_of(last, "EXPOSE") == [str(PORT)]
    arguments = make_parser().parse_args(json.loads(values_of(last, "CMD")[0]))
    assert (arguments.command, arguments.host, arguments.port) == ("serve", "0.0.0.0", PORT)


def test_what_is_copied_is_there_and_let_into_the_build() -> None:
    copied = [
        line.split()[:-1]
        for line in values_of(list(instructions(IMAGES["Containerfile"])), "COPY")
        if "--from" not in line
    ]
    let_in = {
        line.removeprefix("!") for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")
    }
    sources = {source for each in copied for source in each}
    assert sources == let_in
    assert not [source for source in sources if not (ROOT / source).exists()]
    assert (ROOT / ".dockerignore").read_text().startswith("*\n"), "nothing else, the data folder and keys least of all"
