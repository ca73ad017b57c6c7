"""The scenarios file: what happens in sandbox companies. Beside the catalogue, or the one that ships."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import yaml

from ostiary.adapters.catalogue_entries import Entry, declarations
from ostiary.adapters.yaml_nodes import MOST_BYTES, Faults, compose
from ostiary.domain import errors
from ostiary.domain.errors import ScenariosInvalid
from ostiary.domain.rejections import Code
from ostiary.domain.sandbox import Ending, Fault, Scenario

FILE_NAME, DEFAULT_NAME = "scenarios.yaml", "default_scenarios.yaml"
LONGEST_DELAY_S = 600
"""Ten minutes: a partner's tests wait for it."""
MOST_TIMES = 10
_KEYS = ("description", "number_prefix", "last_name", "outcome", "delay_s", "times", "reasons", "reason")


def load(catalogue: Path | None) -> tuple[Scenario, ...]:
    """The scenarios beside a catalogue, else those that ship. Raises ScenariosInvalid with every fault."""
    own = None if catalogue is None else catalogue.parent / FILE_NAME
    if own is None or not own.exists():
        return parse(files("ostiary.adapters").joinpath(DEFAULT_NAME).read_text("utf-8"), DEFAULT_NAME)
    try:
        with own.open("rb") as file:
            return parse(file.read(MOST_BYTES + 1).decode("utf-8-sig"), str(own))
    except (OSError, UnicodeDecodeError) as problem:
        why = getattr(problem, "strerror", None) or "must be UTF-8"
        raise ScenariosInvalid(f"{own}: {why}", faults=(errors.Fault(str(own), "unreadable", str(why)),)) from None


def parse(source: str, name: str) -> tuple[Scenario, ...]:
    """The scenarios that a text declares. Raises ScenariosInvalid with every fault."""
    faults = Faults(name, source, ScenariosInvalid)
    root = compose(source, faults)
    found = () if root is None else tuple(_scenarios(faults, root))
    if root is not None and (not found or found[-1].number_prefix or found[-1].last_name):
        faults.add(root, "no_default", "the last scenario must fit always: without number_prefix and last_name")
    faults.raise_if_any()
    return found


def _scenarios(faults: Faults, root: yaml.Node) -> Iterator[Scenario]:
    section = Entry(faults, root, root, ("scenarios",)).needed("scenarios")
    for key, value in declarations(faults, section, section) if section else ():
        entry = Entry(faults, key, value, _KEYS)
        entry.needed("outcome")
        ending = Ending(entry.choice("outcome", tuple(Ending)) or Ending.ENABLED)
        made = Scenario(
            key.value, entry.needed_text("description") or "", ending, entry.text("number_prefix") or "",
            entry.text("last_name") or "", (entry.whole("delay_s", 0, LONGEST_DELAY_S) or 0) * 1000,
            entry.whole("times", 1, MOST_TIMES), tuple(_reasons(entry)), entry.text("reason") or "",
        )  # fmt: skip
        if ending is Ending.RETURNED and not made.faults:
            entry.fault("reasons", "missing_key", "needs reasons: what is to be redone")
        if ending is Ending.REJECTED and not made.reason:
            entry.fault("reason", "missing_key", "needs a reason: partners see it as rejection_description")
        yield made


def _reasons(scenario: Entry) -> Iterator[Fault]:
    for node in scenario.items("reasons"):
        entry = Entry(scenario.faults, node, node, ("code", "field"))
        entry.needed("code")
        code, field = entry.choice("code", tuple(Code)), entry.needed_text("field")
        if code is not None and field is not None:
            yield Fault(Code(code), field)
