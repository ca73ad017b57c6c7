"""Settings, all from the environment: one table that `--help`, `doctor` and the docs share."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

from ostiary.domain.companies import IpNetwork

MB = 1 << 20
LEVELS = ("debug", "info", "warning", "error")


class SettingInvalid(Exception):
    """A setting's value cannot be used; the message says what would be right."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable: how it is read, what holds without it, and why."""

    name: str
    default: str
    means: str
    read: Callable[[str], Any]


def _whole(lowest: int, highest: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not lowest <= int(text) <= highest:
            raise ValueError(f"a whole number from {lowest} to {highest}")
        return int(text)

    return read


def _networks(text: str) -> tuple[IpNetwork, ...]:
    try:
        return tuple(ip_network(one.strip()) for one in text.split(",") if one.strip())
    except ValueError:
        raise ValueError("networks such as 10.0.0.0/8, separated by commas") from None


def _one_of(*names: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in names:
            raise ValueError("one of: " + ", ".join(names))
        return text

    return read


def _path(text: str) -> Path | None:
    return Path(text).expanduser().absolute() if text else None


def _url(text: str) -> str:
    parts = urlsplit(text)
    if text and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment):
        raise ValueError("an address as https://kyc.example.com")
    return text.rstrip("/")


_DATABASE = "postgresql://user:password@host:5432/database, with a password's @, / and [ as %40, %2F and %5B"


def _database(text: str) -> str:
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
    ports = [port for one in hosts for port in [one.rpartition("]")[2].partition(":")[2]] if port]
    return "@" not in parts.path and len(parts.path) >= len("/d") and all(port.isdecimal() for port in ports)


TABLE = (
    Setting("OSTIARY_DATA_DIR", "ostiary-data", "Folder of database, pictures and master key.", _path),
    Setting(
        "OSTIARY_DATABASE_URL", "",
        "postgresql://user:password@host/database or sqlite:///absolute/path; empty: a file in the data folder.",
        _database,
    ),
    Setting(
        "OSTIARY_DATABASE_DIRECT_URL", "",
        "PostgreSQL without its pooler, for LISTEN and migrations; empty: OSTIARY_DATABASE_URL.", _database,
    ),
    Setting(
        "OSTIARY_FILES_URL", "",
        "Store of pictures: s3://bucket/prefix, gs://, az:// or file:///path; empty: in the data folder.", str,
    ),
    Setting("OSTIARY_MASTER_KEY", "", "Master key(s): 32 bytes in base64, or number:key,number:key.", str),
    Setting("OSTIARY_MASTER_KEY_FILE", "", "File with the master key(s); empty: one made in the data folder.", _path),
    Setting("OSTIARY_CATALOGUE", "", "Catalogue file; empty: the one that ships.", _path),
    Setting("OSTIARY_PROVIDERS", "", "Providers file; empty: only the built-in provider.", _path),
    Setting(
        "OSTIARY_PUBLIC_URL", "", "Address under which providers reach this service, as https://kyc.example.com.", _url
    ),
    Setting(
        "OSTIARY_RATE_LIMIT_PER_SECOND", "15",
        "Requests a second per source address and per company, 0: no limit.", _whole(0, 1_000),
    ),
    Setting(
        "OSTIARY_TRUSTED_PROXIES", "", "Networks of proxies whose X-Forwarded-For is believed; empty: none.", _networks
    ),
    Setting(
        "OSTIARY_MAX_BODY_MB", "20", "Largest request body, in MB: two 7 MB pictures in base64 fit.", _whole(1, 500)
    ),
    Setting(
        "OSTIARY_UPLOAD_BUDGET_MB", "48",
        "Bodies held in memory at once, in MB; beyond it 503 with Retry-After.", _whole(1, 100_000),
    ),
    Setting(
        "OSTIARY_ALLOWED_PRIVATE_NETWORKS", "",
        "Private networks that webhooks may point to; empty: none.", _networks,
    ),
    Setting("OSTIARY_LOG_LEVEL", "info", "debug, info, warning or error.", _one_of(*LEVELS)),
    Setting("OSTIARY_EMBEDDED_WORKER", "1", "1: serve also delivers; 0: run `ostiary worker` beside it.", _whole(0, 1)),
    Setting("OSTIARY_PROCESSES", "1", "Processes of `serve` or `worker`, if --processes does not say.", _whole(1, 64)),
    Setting(
        "OSTIARY_DRAIN_SECONDS", "0",
        "Seconds in which calls are still served after SIGTERM, while /health/ready says no.", _whole(0, 300),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """The values in force."""

    data_dir: Path
    database_url: str
    database_direct_url: str
    files_url: str
    master_key: str
    master_key_file: Path | None
    catalogue: Path | None
    providers: Path | None
    public_url: str
    rate_limit_per_second: int
    trusted_proxies: tuple[IpNetwork, ...]
    max_body_bytes: int
    upload_budget_bytes: int
    allowed_private_networks: tuple[IpNetwork, ...]
    log_level: str
    embedded_worker: bool
    processes: int
    drain_s: int


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Raises SettingInvalid, naming every setting at fault."""
    source = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    faults = []
    for one in TABLE:
        text = source.get(one.name) or one.default
        try:
            values[one.name] = one.read(text)
        except ValueError as problem:
            faults.append(f"{one.name} must be {problem}")
    unknown = [name for name in source if name.startswith("OSTIARY_") and name not in _KNOWN]
    faults += [f"{name} is no setting; see `ostiary settings`" for name in sorted(unknown)]
    if faults:
        raise SettingInvalid("; ".join(faults))
    return _settings(values)


OF_CALLERS = frozenset({"OSTIARY_API_KEY", "OSTIARY_URL", "OSTIARY_BIN"})
"""Names that code which calls the service may keep beside its settings."""
_KNOWN = {one.name for one in TABLE} | OF_CALLERS


def _settings(values: Mapping[str, Any]) -> Settings:
    return Settings(
        data_dir=values["OSTIARY_DATA_DIR"],
        database_url=values["OSTIARY_DATABASE_URL"],
        database_direct_url=values["OSTIARY_DATABASE_DIRECT_URL"],
        files_url=values["OSTIARY_FILES_URL"],
        master_key=values["OSTIARY_MASTER_KEY"],
        master_key_file=values["OSTIARY_MASTER_KEY_FILE"],
        catalogue=values["OSTIARY_CATALOGUE"],
        providers=values["OSTIARY_PROVIDERS"],
        public_url=values["OSTIARY_PUBLIC_URL"],
        rate_limit_per_second=values["OSTIARY_RATE_LIMIT_PER_SECOND"],
        trusted_proxies=values["OSTIARY_TRUSTED_PROXIES"],
        max_body_bytes=values["OSTIARY_MAX_BODY_MB"] * MB,
        upload_budget_bytes=values["OSTIARY_UPLOAD_BUDGET_MB"] * MB,
        allowed_private_networks=values["OSTIARY_ALLOWED_PRIVATE_NETWORKS"],
        log_level=values["OSTIARY_LOG_LEVEL"],
        embedded_worker=bool(values["OSTIARY_EMBEDDED_WORKER"]),
        processes=values["OSTIARY_PROCESSES"],
        drain_s=values["OSTIARY_DRAIN_SECONDS"],
    )
