"""How a setting's text is read. Each raises ValueError, saying what would be right."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from enum import StrEnum
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from ostiary.domain.companies.company import IpNetwork

_DECIMAL = re.compile(r"[0-9]{1,6}(\.[0-9]{1,6})?")


def whole(lowest: int, highest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not lowest <= int(text) <= highest:
            raise ValueError(f"a whole number from {lowest} to {highest}")
        return int(text)

    return read


def seconds(lowest: float, highest: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        if not _DECIMAL.fullmatch(text) or not lowest <= float(text) <= highest:
            raise ValueError(f"a number of seconds from {lowest:g} to {highest:g}, such as 2 or 0.5")
        return float(text)

    return read


def networks(text: str) -> tuple[IpNetwork, ...]:
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError:
        raise ValueError("networks such as 192.0.2.0/24, separated by commas") from None


def one_of(*names: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in names:
            raise ValueError("one of: " + ", ".join(names))
        return text

    return read


class WorkerPlace(StrEnum):
    """Which process delivers, of an installation that `serve` serves."""

    BESIDE = "beside"
    INSIDE = "inside"
    ELSEWHERE = "elsewhere"


_IN_FIGURES = {"1": WorkerPlace.BESIDE, "0": WorkerPlace.ELSEWHERE}


def worker_place(text: str) -> WorkerPlace:
    try:
        return _IN_FIGURES.get(text) or WorkerPlace(text)
    except ValueError:
        raise ValueError("one of: beside, inside, elsewhere, 1, 0") from None


def path(text: str) -> Path | None:
    return Path(text).expanduser().absolute() if text else None


def command(text: str) -> tuple[str, ...]:
    """Words as a shell would split them; nothing else of a shell."""
    try:
        words = tuple(shlex.split(text))
    except ValueError as problem:
        raise ValueError(f"a program's path and its arguments ({problem})") from None
    if words and not words[0].startswith("/"):
        raise ValueError("a program's whole path, as /usr/bin/vault, and its arguments")
    return words


def url(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment):
        raise ValueError("an address as https://kyc.example.com")
    return text.rstrip("/")


_DATABASE = (
    "postgresql://user:password@host:5432/database, with a password's @, /, [, ? and # as %40, %2F, %5B, %3F and %23"
)


def database(text: str) -> str:
    try:
        parts = urlsplit(text)
    except ValueError:  # a bracket, which begins an address of version 6
        raise ValueError(_DATABASE) from None
    if parts.scheme in ("postgresql", "postgres") and not _has_place(parts):
        raise ValueError(_DATABASE)
    return text


def _has_place(parts: SplitResult) -> bool:
    """Whether there is a database's name, and no port but a number (there may be several hosts)."""
    hosts = parts.netloc.rpartition("@")[2].split(",")
    ports = [port for host in hosts for port in [host.rpartition("]")[2].partition(":")[2]] if port]
    return "@" not in parts.path and len(parts.path) >= len("/d") and all(port.isdecimal() for port in ports)
