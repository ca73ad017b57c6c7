"""Reading the section `terms` of a catalogue file, and the texts that lie beside the file.

The hash of each text stands in the file, so that the file alone says what was declared; a text with another hash is a
fault that tells the right one. Of a catalogue that is kept the texts are not looked for: they are kept as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path, PurePosixPath

import yaml

from ostiary.adapters.config.entries import FileEntry, declarations, pairs, text_of
from ostiary.adapters.config.yaml_nodes import Faults
from ostiary.domain.catalogue.field_rules import has_hidden
from ostiary.domain.catalogue.terms import (
    AT_ONCE,
    FIRST_LANGUAGE,
    MOST_LANGUAGES,
    MOST_TERMS,
    MOST_TEXT_BYTES,
    TermsText,
    TermsVersion,
)
from ostiary.domain.names.visible import is_blank
from ostiary.domain.times import iso_date

VERSION_FORM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,49}")
LANGUAGE_FORM = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
"""Language, script and region of RFC 5646, as in es, pt-BR and zh-Hant."""
_HASH_FORM = re.compile("[0-9a-f]{64}")
_KEYS = ("name", "version", "texts", "re_accept")
NEW, ALL, BY = "new", "all", "by"
_RE_ACCEPT = f"must be {NEW}, {ALL} or a day: {{{BY}: 2027-01-31}}"


@dataclass(slots=True)
class ReadTerms:
    """What a section declares: terms by id (None for those too faulty to be used), and the texts by their hash."""

    terms: dict[str, TermsVersion | None] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


def read_terms(faults: Faults, section: yaml.Node | None, folder: Path | None) -> ReadTerms:
    """`folder` is where the catalogue lies; None: the texts are not looked for."""
    read = ReadTerms()
    if section is None:
        return read
    for key, value in declarations(faults, section, section):
        read.terms[key.value] = _terms(faults, key, value, folder, read.texts)
        if len(read.terms) == MOST_TERMS + 1:
            faults.add(key, "too_many", f"a catalogue has at most {MOST_TERMS} terms")
    return read


def _terms(
    faults: Faults, key: yaml.ScalarNode, value: yaml.Node, folder: Path | None, texts: dict[str, str]
) -> TermsVersion | None:
    entry = FileEntry(faults, key, value, _KEYS)
    name, version = entry.needed_people_text("name"), entry.needed_text("version")
    if version is not None and not VERSION_FORM.fullmatch(version):
        message = "a version has 1 to 50 letters, digits, dots, hyphens or underscores, as 2027-01"
        entry.fault("version", "bad_version", message)
    section = entry.needed("texts")
    wordings = tuple(_texts(faults, section, folder, texts)) if section is not None else ()
    if len(wordings) > MOST_LANGUAGES:
        entry.fault("texts", "too_many", f"terms are worded in at most {MOST_LANGUAGES} languages")
    binding = _re_accept(entry)
    if isinstance(section, yaml.MappingNode) and not section.value:
        entry.fault("texts", "missing_key", f"needs a text in at least one language, as {FIRST_LANGUAGE}")
    if name is None or version is None or not wordings:
        return None
    return TermsVersion(id=key.value, name=name, version=version, texts=wordings, re_accept_from=binding)


def _texts(faults: Faults, section: yaml.Node, folder: Path | None, texts: dict[str, str]) -> Iterator[TermsText]:
    for key, value in pairs(faults, section, section, "language: {file: terms/cards-en.md, sha256: ...}"):
        if not LANGUAGE_FORM.fullmatch(key.value):
            faults.add(key, "unknown_language", f"'{key.value}' is no language tag as es, pt-BR or zh-Hant")
        entry = FileEntry(faults, key, value, ("file", "sha256"))
        place, declared = entry.needed_text("file"), entry.text("sha256")
        content = None if place is None or folder is None else _content(entry, folder, place)
        if declared is None and content is None:
            entry.needed("sha256")
            continue
        actual = None if content is None else sha256(content).hexdigest()
        if actual is not None and declared != actual:
            code, message = _differing(place or "", declared, actual)
            entry.fault("sha256", code, message)
        elif declared is not None and not _HASH_FORM.fullmatch(declared):
            entry.fault("sha256", "bad_hash", "must be the SHA-256 of the file, 64 digits from 0-9 and a-f")
        if content is not None and actual is not None:
            texts[actual] = content.decode()
        yield TermsText(key.value, declared or actual or "")


def _differing(place: str, declared: str | None, actual: str) -> tuple[str, str]:
    if declared is None:
        return "missing_key", f"needs 'sha256': {actual}, which is that of {place} as it lies there"
    message = f"{place} has the SHA-256 {actual}; if its text changed on purpose, give it another version as well"
    return "text_changed", message


def _content(entry: FileEntry, folder: Path, place: str) -> bytes | None:
    """The bytes of a text; None with a fault for what is no text for people."""
    path = PurePosixPath(place)
    if path.is_absolute() or ".." in path.parts:
        entry.fault("file", "bad_place", "must lie in the folder of the catalogue or below it, as terms/cards-en.md")
        return None
    try:
        with (folder / path).open("rb") as file:
            content = file.read(MOST_TEXT_BYTES + 1)
        text = content.decode()
    except OSError as error:
        entry.fault("file", "unreadable", f"{place} cannot be read: {error.strerror or error}")
        return None
    except UnicodeDecodeError as error:
        entry.fault("file", "unreadable", f"{place} must be UTF-8; byte {error.start + 1} is not")
        return None
    if problem := _text_problem(content, text):
        entry.fault("file", "bad_text", f"{place} {problem}")
        return None
    return content


def _text_problem(content: bytes, text: str) -> str | None:
    if len(content) > MOST_TEXT_BYTES:
        return f"has more than {MOST_TEXT_BYTES // 1024} KiB"
    if is_blank(text):
        return "is blank"
    if has_hidden(text):
        return "has characters that nobody sees, or that reorder what is seen (a byte order mark, for example)"
    return None


def _re_accept(entry: FileEntry) -> date | None:
    """From when a version binds who asked before."""
    node = entry.node("re_accept")
    if node is None:
        return None
    if isinstance(node, yaml.MappingNode):
        inner = FileEntry(entry.faults, node, node, (BY,))
        day_node = inner.needed(BY)
        day = iso_date(day_node.value) if isinstance(day_node, yaml.ScalarNode) else None
        if day_node is not None and day is None:
            inner.fault(BY, "wrong_type", f"{_RE_ACCEPT}, a real date")
        return day
    text = text_of(entry.faults, node)
    if text is not None and text not in (NEW, ALL):
        entry.fault("re_accept", "unknown_choice", _RE_ACCEPT)
    return AT_ONCE if text == ALL else None
