"""The scenarios file: what happens in sandbox companies. Beside the catalogue, or the one that ships."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

import yaml

from ostiary.adapters.config.entries import FileEntry, declarations
from ostiary.adapters.config.yaml_nodes import MOST_BYTES, Faults, compose
from ostiary.domain import errors
from ostiary.domain.errors import ScenariosInvalid
from ostiary.domain.rejections import Code
from ostiary.domain.sandbox.scenarios import Scenario, ScenarioEnding, ScenarioFault

FILE_NAME, DEFAULT_NAME = "scenarios.yaml", "default_scenarios.yaml"
LONGEST_DELAY_S = 600
"""Ten minutes: a partner's tests wait for it."""
MOST_TIMES = 10
_KEYS = ("description", "number_prefix", "last_name", "outcome", "delay_s", "times", "reasons", "reason")


def load(catalogue: Path | None) -> tuple[Scenario, ...]:
    """The scenarios beside a catalogue, else those that ship. Raises ScenariosInvalid with every fault."""
    own = None if catalogue is None else catalogue.parent / FILE_NAME
    if own is None or not own.exists():
        return default()
    try:
        with own.open("rb") as file:
            return parse(file.read(MOST_BYTES + 1).decode("utf-8-sig"), str(own))
    except (OSError, UnicodeDecodeError) as problem:
        why = getattr(problem, "strerror", None) or "must be UTF-8"
        raise ScenariosInvalid(f"{own}: {why}", faults=(errors.Fault(str(own), "unreadable", str(why)),)) from None


@cache
def default() -> tuple[Scenario, ...]:
    """The scenarios that come with the service."""
    return parse(files("ostiary.adapters.config").joinpath(DEFAULT_NAME).read_text("utf-8"), DEFAULT_NAME)


def parse(source: str, name: str) -> tuple[Scenario, ...]:
    """The scenarios that a text declares. Raises ScenariosInvalid with every fault."""
    faults = Faults(name, source, ScenariosInvalid)
    root = compose(source, faults)
    scenarios = () if root is None else tuple(_scenarios(faults, root))
    if root is not None and (not scenarios or scenarios[-1].number_prefix or scenarios[-1].last_name):
        faults.add(root, "no_default", "the last scenario must fit always: without number_prefix and last_name")
    faults.raise_if_any()
    return scenarios


def _scenarios(faults: Faults, root: yaml.Node) -> Iterator[Scenario]:
    section = FileEntry(faults, root, root, ("scenarios",)).needed("scenarios")
    for key, value in declarations(faults, section, section) if section else ():
        entry = FileEntry(faults, key, value, _KEYS)
        entry.needed("outcome")
        ending = ScenarioEnding(entry.choice("outcome", tuple(ScenarioEnding)) or ScenarioEnding.ENABLED)
        scenario = Scenario(
            id=key.value,
            description=entry.needed_text("description") or "",
            ending=ending,
            number_prefix=entry.text("number_prefix") or "",
            last_name=entry.text("last_name") or "",
            delay_ms=(entry.whole("delay_s", 0, LONGEST_DELAY_S) or 0) * 1000,
            times=entry.whole("times", 1, MOST_TIMES),
            faults=tuple(_reasons(entry)),
            reason=entry.text("reason") or "",
        )
        if ending is ScenarioEnding.RETURNED and not scenario.faults:
            entry.fault("reasons", "missing_key", "needs reasons: what is to be redone")
        if ending is ScenarioEnding.REJECTED and not scenario.reason:
            entry.fault("reason", "missing_key", "needs a reason: partners see it as rejection_description")
        yield scenario


def _reasons(scenario: FileEntry) -> Iterator[ScenarioFault]:
    for node in scenario.items("reasons"):
        entry = FileEntry(scenario.faults, node, node, ("code", "field"))
        entry.needed("code")
        code, field = entry.choice("code", tuple(Code)), entry.needed_text("field")
        if code is not None and field is not None:
            yield ScenarioFault(Code(code), field)
