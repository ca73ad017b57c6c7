"""Reading what the sections of the providers file have in common: secrets in files of their own, and addresses."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import yaml

from ostiary.adapters.config.entries import FileEntry, text_of
from ostiary.adapters.config.yaml_nodes import Faults
from ostiary.domain.delivery.timing import ENDPOINT_TIMEOUT_S

MOST_SECRET_BYTES = 4_096


@dataclass(frozen=True, slots=True)
class SectionReading:
    """A file being read: where its faults go, what its paths start from, and what holds for all that it declares:
    `timeout_s` is how long one request with its answer may take."""

    faults: Faults
    folder: Path
    public_url: str
    timeout_s: float = ENDPOINT_TIMEOUT_S

    def secrets(self, entry: FileEntry, key: str) -> tuple[str, ...]:
        """The contents of the files that a key lists, trimmed; each that cannot be read is a fault."""
        entry.needed(key)
        return tuple(secret for node, name in entry.texts(key) if (secret := self._secret(entry, node, name)))

    def secret(self, entry: FileEntry, key: str) -> str:
        """The content of the one file that a key names."""
        node = entry.needed(key)
        name = None if node is None else text_of(self.faults, node)
        return "" if node is None or name is None else self._secret(entry, node, name)

    def url(self, entry: FileEntry, key: str) -> str:
        text = entry.needed_text(key) or ""
        parts = urlsplit(text)
        if text and (parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None):
            entry.fault(key, "bad_address", "must be an http or https address without user name and password")
        return text.rstrip("/")

    def _secret(self, entry: FileEntry, node: yaml.Node, name: str) -> str:
        try:
            with (self.folder / name).open("rb") as file:
                return file.read(MOST_SECRET_BYTES).decode().strip()
        except (OSError, UnicodeDecodeError) as problem:
            why = getattr(problem, "strerror", None) or "is not text"
            self.faults.add(node, "unreadable", f"the file cannot be read: {why}")
            return ""
