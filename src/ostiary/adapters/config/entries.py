"""One entry of a catalogue file: a mapping with known keys, read value by value, every fault noted with its place."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator
from decimal import Decimal
from typing import TypeVar

import yaml

from ostiary.adapters.config.yaml_nodes import Faults
from ostiary.domain.catalogue.texts import catalogue_text
from ostiary.languages.choosing import ENGLISH, OFFERED

ID_FORM = re.compile(r"[a-z][a-z0-9_]{0,63}")
MOST_CHARACTERS = 500
"""Names and descriptions are shown to people, in lists."""
_STR, _BOOL, _INT = "tag:yaml.org,2002:str", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:int"
_PLAIN_NUMBER = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,10})?")
_T = TypeVar("_T")


def nearest(word: str, words: Collection[str]) -> str:
    """What to say after "unknown": the nearest known name, whatever its case, or all of them."""
    folded = {possible.casefold(): possible for possible in words}
    near = difflib.get_close_matches(word.casefold(), folded, n=1)
    if near:
        return f"did you mean '{folded[near[0]]}'?"
    return f"known are: {', '.join(words)}" if words else "none are declared"


def pairs(faults: Faults, place: yaml.Node, node: yaml.Node, shape: str) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    """The keys and values of a mapping; what is no mapping, no text key or a repeated key is a fault."""
    if not isinstance(node, yaml.MappingNode):
        faults.add(place, "wrong_type", f"must be a mapping: {shape}")
        return
    lines: dict[str, int] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.tag != _STR:
            faults.add(key, "wrong_type", "must be a plain name; put one that YAML takes for something else in quotes")
        elif key.value in lines:
            faults.add(key, "duplicate_key", f"'{key.value}' is already given in line {lines[key.value]}; keep one")
        else:
            lines[key.value] = key.start_mark.line + 1
            yield key, value


def declarations(faults: Faults, place: yaml.Node, node: yaml.Node) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    """The entries of a section, whose keys are ids of our own choosing."""
    for key, value in pairs(faults, place, node, "id: {...}"):
        if ID_FORM.fullmatch(key.value):
            yield key, value
        else:
            faults.add(key, "bad_id", "an id has 1 to 64 lower-case letters, digits or underscores, a letter first")


def text_of(faults: Faults, node: yaml.Node, most: int = MOST_CHARACTERS) -> str | None:
    """A text, trimmed; None with a fault for anything else."""
    if not isinstance(node, yaml.ScalarNode) or node.tag != _STR:
        what = "put it in quotes" if isinstance(node, yaml.ScalarNode) and node.value else "this is not one"
        faults.add(node, "wrong_type", f"must be a text; {what}")
        return None
    text: str = node.value.strip()
    if not text or len(text) > most:
        faults.add(node, "wrong_length", f"must have 1 to {most} characters; it has {len(text)}")
        return None
    return text


def people_text_of(faults: Faults, node: yaml.Node) -> str | None:
    """A text for people: in English, or a mapping of languages to texts, of which English has to be one."""
    if not isinstance(node, yaml.MappingNode):
        return text_of(faults, node)
    texts: dict[str, str | None] = {}
    for key, value in pairs(faults, node, node, "language: text, as en: Passport"):
        if key.value in OFFERED:
            texts[key.value] = text_of(faults, value)
        else:
            message = f"unknown language '{key.value}'; {nearest(key.value, OFFERED)}"
            faults.add(key, "unknown_language", message)
    if ENGLISH not in texts:
        faults.add(node, "missing_key", f"needs '{ENGLISH}': it is shown to who reads none of the other languages")
    english = texts.pop(ENGLISH, None)
    return None if english is None else catalogue_text(english, {tag: text for tag, text in texts.items() if text})


class FileEntry:
    """A mapping with known keys. Reading a faulty value gives None, after noting the fault."""

    def __init__(self, faults: Faults, place: yaml.Node, node: yaml.Node, allowed: Collection[str]) -> None:
        self.faults = faults
        self.place = place
        self._values: dict[str, yaml.Node] = {}
        self._is_mapping = isinstance(node, yaml.MappingNode)  # what is none has that fault, and not those of its parts
        for key, value in pairs(faults, place, node, "key: value, with the keys " + ", ".join(allowed)):
            if key.value in allowed:
                self._values[key.value] = value
            else:
                faults.add(key, "unknown_key", f"unknown key '{key.value}'; {nearest(key.value, allowed)}")

    def node(self, key: str) -> yaml.Node | None:
        return self._values.get(key)

    def at(self, key: str) -> yaml.Node:
        """Where to point for a key: its value, or the entry when it is absent."""
        return self._values.get(key, self.place)

    def fault(self, key: str, code: str, message: str, within: int | None = None) -> None:
        self.faults.add(self.at(key), code, message, within)

    def needed(self, key: str) -> yaml.Node | None:
        """The value of a key that must be there."""
        if key not in self._values and self._is_mapping:
            self.faults.add(self.place, "missing_key", f"needs '{key}'")
        return self._values.get(key)

    def needed_text(self, key: str) -> str | None:
        node = self.needed(key)
        return None if node is None else text_of(self.faults, node)

    def text(self, key: str) -> str | None:
        node = self._values.get(key)
        return None if node is None else text_of(self.faults, node)

    def needed_people_text(self, key: str) -> str | None:
        """One for people, in one language or several."""
        node = self.needed(key)
        return None if node is None else people_text_of(self.faults, node)

    def people_text(self, key: str) -> str | None:
        node = self._values.get(key)
        return None if node is None else people_text_of(self.faults, node)

    def choice(self, key: str, choices: Collection[str]) -> str | None:
        text = self.text(key)
        if text is None or text in choices:
            return text
        self.fault(key, "unknown_choice", f"'{text}' is not one of {', '.join(choices)}; {nearest(text, choices)}")
        return None

    def choices(self, key: str, allowed: Collection[str]) -> list[str]:
        """The items of a list that are among the known ones; each other is a fault."""
        chosen = []
        for node, text in self.texts(key):
            if text in allowed:
                chosen.append(text)
            else:
                message = f"'{text}' is not one of {', '.join(allowed)}; {nearest(text, allowed)}"
                self.faults.add(node, "unknown_choice", message)
        return chosen

    def flag(self, key: str, default: bool) -> bool:
        node = self._values.get(key)
        if node is None:
            return default
        if isinstance(node, yaml.ScalarNode) and node.tag == _BOOL:
            return node.value.lower() in ("true", "yes", "on")
        self.fault(key, "wrong_type", "must be true or false")
        return default

    def whole(self, key: str, least: int, most: int) -> int | None:
        node = self._values.get(key)
        if node is None:
            return None
        if isinstance(node, yaml.ScalarNode) and node.tag == _INT and node.value.isdecimal() and len(node.value) < 10:
            number = int(node.value)
            if least <= number <= most:
                return number
        self.fault(key, "wrong_number", f"must be a whole number from {least} to {most}")
        return None

    def number(self, key: str) -> Decimal | None:
        node = self._values.get(key)
        if node is None:
            return None
        if isinstance(node, yaml.ScalarNode) and node.tag != _STR and _PLAIN_NUMBER.fullmatch(node.value):
            return Decimal(node.value)
        self.fault(key, "wrong_number", "must be a number written with digits, as 0 or 12.50, without quotes")
        return None

    def items(self, key: str) -> list[yaml.Node]:
        """The items of a list; none when the key is absent. An empty list is a fault."""
        node = self._values.get(key)
        if node is None:
            return []
        if isinstance(node, yaml.SequenceNode) and node.value:
            return list(node.value)
        self.fault(key, "wrong_type", "must be a list with at least one item: [one, another]")
        return []

    def texts(self, key: str) -> list[tuple[yaml.Node, str]]:
        """The texts of a list; a repeated one is a fault."""
        pairs: list[tuple[yaml.Node, str]] = []
        for node in self.items(key):
            text = text_of(self.faults, node)
            if text is not None and any(text == other for _, other in pairs):
                self.faults.add(node, "duplicate_item", f"'{text}' is already in the list; keep one")
            elif text is not None:
                pairs.append((node, text))
        return pairs
