"""Checkpoints as signed JSON files: Ed25519 (RFC 8032) under a key of the installation's own.

The private key is kept wrapped by the master key in the database, so it never lies plain. A signature proves
nothing unless the public key is known from elsewhere: note it down, and keep checkpoints off this machine.
"""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ostiary.domain.audit.checkpoints import FORM, Checkpoint
from ostiary.domain.companies.company import Chain
from ostiary.domain.errors import Refused, Tampered
from ostiary.domain.ports import Cipher
from ostiary.domain.times import format_timestamp

KEY_NAME = "checkpoint"
_PLACE = f"installation|{KEY_NAME}"


class CheckpointFile(msgspec.Struct, forbid_unknown_fields=True):
    """What is written, under these names. The chains come last: a few hundred bytes that people read, then some 150
    for each chain."""

    form: str
    at: str
    at_ms: int
    previous: str
    root: str
    public_key: str
    signature: str
    chains: list[tuple[str, str, int, str]]


class Signer:
    """Signs checkpoints with the installation's key."""

    def __init__(self, cipher: Cipher, wrapped: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(cipher.unwrap(wrapped, _PLACE))

    @property
    def public_key(self) -> str:
        """In hex."""
        return self._key.public_key().public_bytes_raw().hex()

    def content(self, checkpoint: Checkpoint) -> bytes:
        """A signed file."""
        chains = [(*owner, end.length, end.head.hex()) for owner, end in checkpoint.ends.items()]
        file = msgspec.json.encode(
            CheckpointFile(
                FORM,
                format_timestamp(checkpoint.at_ms),
                checkpoint.at_ms,
                checkpoint.previous,
                checkpoint.root.hex(),
                self.public_key,
                self._key.sign(checkpoint.statement).hex(),
                chains,
            )
        )
        return file + b"\n"

    def write(self, checkpoint: Checkpoint, path: Path) -> int:
        """Writes a new file, durably, and gives its size. Raises Refused when it is there already."""
        content = self.content(checkpoint)
        try:
            with path.open("xb") as out:
                out.write(content)
                out.flush()
                os.fsync(out.fileno())
        except OSError as problem:
            raise Refused(f"The checkpoint cannot be written: {problem}") from None
        return len(content)


def new_key(cipher: Cipher) -> bytes:
    """A fresh private key, wrapped."""
    return cipher.wrap(Ed25519PrivateKey.generate().private_bytes_raw(), _PLACE)


def read(path: Path, public_key: str) -> Checkpoint:
    """A checkpoint, once its signature by that key and its root fit. Raises Refused, Tampered."""
    try:
        return read_content(str(path), path.read_bytes(), public_key)
    except OSError as problem:
        raise Refused(f"The checkpoint cannot be read: {problem}") from None


def read_content(path: str, content: bytes, public_key: str) -> Checkpoint:
    """The same of a file's content; `path` is its name for people. Raises Tampered."""
    try:
        file = msgspec.json.decode(content, type=CheckpointFile)
        ends = {(company, owner): Chain(length, bytes.fromhex(head)) for company, owner, length, head in file.chains}
        checkpoint = Checkpoint(file.at_ms, ends, file.previous)
        signer, signature = bytes.fromhex(file.public_key), bytes.fromhex(file.signature)
    except (msgspec.DecodeError, ValueError) as problem:
        raise Tampered(f"{path} is no checkpoint: {problem}") from None
    if file.public_key != public_key:
        raise Tampered(f"{path} was signed by {file.public_key}, not by {public_key}.")
    if file.form != FORM or checkpoint.root.hex() != file.root:
        raise Tampered(f"{path} was changed: the chains it names do not give its root.")
    try:
        Ed25519PublicKey.from_public_bytes(signer).verify(signature, checkpoint.statement)
    except (InvalidSignature, ValueError):
        raise Tampered(f"{path} was changed: its signature does not fit.") from None
    return checkpoint


def digest(path: Path) -> str:
    """What the next checkpoint says of this one: SHA-256 of the file, in hex."""
    return digest_of(path.read_bytes())


def digest_of(content: bytes) -> str:
    """The same of its content."""
    return sha256(content).hexdigest()
