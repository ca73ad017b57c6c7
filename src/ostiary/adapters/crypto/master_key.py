"""Where the master key comes from: the environment, a command, a file, or one made in the data folder with mode 0600.

A key is 32 bytes in base64; a ring is several, `number:key` separated by commas or lines, the highest number
wraps and all unwrap.
"""

from __future__ import annotations

import base64
import binascii
import os
from dataclasses import field
from pathlib import Path

from ostiary.adapters.crypto import key_command
from ostiary.adapters.crypto.keyring import KEY_BYTES
from ostiary.domain.errors import KeyMismatch
from ostiary.domain.value import value_type

FILE_NAME = "master.key"
HIGHEST_NUMBER = 255


@value_type
class KeySource:
    """Where a master key is to be looked for: in a setting's value, else a command's output, else a named file, else
    in a folder."""

    folder: Path
    value: str = field(default="", repr=False)
    command: tuple[str, ...] = ()
    file: Path | None = None

    @property
    def own(self) -> Path:
        """The file in the folder, which is used where nothing else is named."""
        return self.folder / FILE_NAME

    @property
    def is_named(self) -> bool:
        """Whether a setting says where it is."""
        return bool(self.value or self.command or self.file)

    @property
    def is_there(self) -> bool:
        """Whether a key was ever given or made."""
        return self.is_named or self.own.exists()

    @property
    def words(self) -> str:
        """For people; arguments of a command may be secret."""
        if self.value:
            return "the environment variable OSTIARY_MASTER_KEY"
        return f"the output of {self.command[0]}" if self.command else str(self.file or self.own)


def read_masters(source: KeySource, *, may_make: bool = False) -> dict[int, bytes]:
    """The ring from where it is to be looked for (made in the folder if it may be).

    Raises KeyMismatch, naming what is wrong, when what is there is no key, or one is missing beside a database.
    """
    if source.value:
        return parse(source.value, "OSTIARY_MASTER_KEY")
    if source.command:
        return parse(key_command.output_of(source.command), f"The output of {source.command[0]}")
    if source.file is not None:
        try:
            return parse(source.file.read_text(), str(source.file))
        except OSError as problem:
            raise KeyMismatch(f"The master key file cannot be read: {problem}") from None
    own = source.own
    if not own.exists():
        if not may_make:
            raise KeyMismatch(f"There is a database but no master key: put its key back as {own}, mode 0600.")
        make(own)
    return parse(own.read_text(), str(own))


def make(path: Path) -> None:
    """Writes a fresh key, durably, readable by its owner only; never over an existing one."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(base64.b64encode(os.urandom(KEY_BYTES)).decode() + "\n")
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(fresh, path)  # fails, rather than replaces, when another process was first
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def parse(text: str, source: str) -> dict[int, bytes]:
    """The ring written in a text."""
    ring: dict[int, bytes] = {}
    for line in text.replace(",", "\n").split():
        number, colon, encoded = line.rpartition(":")
        if colon and not (number.isdigit() and int(number) <= HIGHEST_NUMBER):
            raise KeyMismatch(f"{source}: a key's number is 0 to {HIGHEST_NUMBER}, as in 2:<base64>.")
        ring[int(number) if colon else 1] = _key(encoded, source)
    if not ring:
        raise KeyMismatch(f"{source} holds no key: {KEY_BYTES} bytes in base64 are needed.")
    return ring


def _key(encoded: str, source: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyMismatch(f"{source}: a master key is {KEY_BYTES} bytes in base64.")
    return key
