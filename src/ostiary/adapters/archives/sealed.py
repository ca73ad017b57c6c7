"""Writing what is taken out into a file: for its owner only, and sealed for a recipient of age on its way, so that
nothing plain reaches the disk."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, cast

from ostiary.domain.errors import InvalidRequest, Refused


def recipient_of(text: str) -> Any:
    """A recipient of age (`age1...`), or an SSH key. Raises InvalidRequest."""
    import pyrage

    try:
        kind = pyrage.ssh if text.startswith("ssh-") else pyrage.x25519
        return kind.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise InvalidRequest("--recipient is a public key of age (age1...), or an SSH key (ssh-ed25519 ...).") from None


@contextmanager
def written(path: Path, recipient: Any) -> Iterator[IO[bytes]]:
    """What is written into is in the file once all of it is; a file that was not finished is removed. Raises Refused
    where one is there already, or none can be written."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as problem:
        raise Refused(f"{path} cannot be written: {problem.strerror}") from None
    try:
        with os.fdopen(handle, "wb") as file:
            if recipient is None:
                yield file
            else:
                with _sealed(file, recipient) as inner:
                    yield inner
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@contextmanager
def _sealed(file: IO[bytes], recipient: Any) -> Iterator[IO[bytes]]:
    """A pipe into the file, through age in a thread of its own."""
    import pyrage

    reading, writing = os.pipe()
    problems: list[BaseException] = []

    def seal() -> None:
        try:
            with os.fdopen(reading, "rb") as source:
                pyrage.encrypt_io(source, file, [recipient])
        except BaseException as problem:
            problems.append(problem)

    thread = threading.Thread(target=seal, name="ostiary-age", daemon=True)
    thread.start()
    try:
        with os.fdopen(writing, "wb") as inner:
            yield cast("IO[bytes]", inner)
    finally:
        thread.join()
    if problems:
        raise Refused("What is taken out cannot be sealed.") from problems[0]
