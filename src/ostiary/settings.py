"""Settings, from the environment and a file (`settings_file`): one table that `--help`, `doctor` and the docs share."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ostiary.domain.companies.company import IpNetwork
from ostiary.setting_readers import (
    WorkerPlace,
    command,
    database,
    networks,
    one_of,
    path,
    seconds,
    url,
    whole,
    worker_place,
)

MB, GB = 1 << 20, 10**9
MOST_QUOTA_GB = 1_000_000
SETTINGS_FILE, SETTINGS_FILE_DEFAULT = "OSTIARY_SETTINGS_FILE", "/etc/ostiary/ostiary.env"
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


TABLE = (
    Setting(
        SETTINGS_FILE, SETTINGS_FILE_DEFAULT,
        "File of settings, a NAME=value a line; the environment goes before it. /dev/null: none.", path,
    ),
    Setting("OSTIARY_DATA_DIR", "ostiary-data", "Folder of database, pictures and master key.", path),
    Setting(
        "OSTIARY_DATABASE_URL", "",
        "postgresql://user:password@host/database or sqlite:///absolute/path; empty: a file in the data folder.",
        database,
    ),
    Setting(
        "OSTIARY_DATABASE_DIRECT_URL", "",
        "PostgreSQL without its pooler, for LISTEN and migrations; empty: OSTIARY_DATABASE_URL.", database,
    ),
    Setting(
        "OSTIARY_FILES_URL", "",
        "Store of pictures: s3://bucket/prefix, gs://, az:// or file:///path; empty: in the data folder.", str,
    ),
    Setting("OSTIARY_MASTER_KEY", "", "Master key(s): 32 bytes in base64, or number:key,number:key.", str),
    Setting(
        "OSTIARY_MASTER_KEY_COMMAND", "",
        "Program with its arguments, without a shell, that writes the master key(s) to its output.", command,
    ),
    Setting("OSTIARY_MASTER_KEY_FILE", "", "File with the master key(s); empty: one made in the data folder.", path),
    Setting(
        "OSTIARY_CHECKPOINTS", "",
        "Where checkpoints of the audit trail are kept: a folder or s3://bucket/prefix; empty: nowhere.", str,
    ),
    Setting(
        "OSTIARY_TIMESTAMP_URL", "",
        "Time-stamp service (RFC 3161) that is asked about each checkpoint kept there; empty: none.", url,
    ),
    Setting("OSTIARY_CHECKPOINT_HOURS", "24", "Hours from one checkpoint to the next.", whole(1, 744)),
    Setting("OSTIARY_CATALOGUE", "", "Catalogue file; empty: the one that ships.", path),
    Setting("OSTIARY_PROVIDERS", "", "Providers file; empty: only the built-in provider.", path),
    Setting(
        "OSTIARY_TRUST", "", "Trust store: whose signatures on documents' chips are believed; empty: nobody's.", path
    ),
    Setting(
        "OSTIARY_PUBLIC_URL", "", "Where providers, clients and operators reach this, as https://kyc.example.com.", url
    ),
    Setting(
        "OSTIARY_RATE_LIMIT_PER_SECOND", "15",
        "Requests a second per source address and per company, 0: no limit.", whole(0, 1_000),
    ),
    Setting(
        "OSTIARY_TRUSTED_PROXIES", "", "Networks of proxies whose X-Forwarded-For is believed; empty: none.", networks
    ),
    Setting(
        "OSTIARY_MAX_BODY_MB", "20", "Largest request body, in MB: two 7 MB pictures in base64 fit.", whole(1, 500)
    ),
    Setting(
        "OSTIARY_UPLOAD_BUDGET_MB", "48",
        "Bodies held in memory at once, in MB; beyond it uploads wait their turn.", whole(1, 100_000),
    ),
    Setting(
        "OSTIARY_COMPANY_QUOTA_GB", "100",
        "Pictures kept for one company, in GB (10^9 bytes), 0: no limit; 100: 12,500 clients with two sides of 4 MB.",
        whole(0, MOST_QUOTA_GB),
    ),
    Setting(
        "OSTIARY_ALLOWED_PRIVATE_NETWORKS", "",
        "Private networks that webhooks may point to; empty: none.", networks,
    ),
    Setting("OSTIARY_LOG_LEVEL", "info", "debug, info, warning or error.", one_of(*LEVELS)),
    Setting(
        "OSTIARY_EMBEDDED_WORKER", "beside",
        "Where `serve` delivers: beside (or 1: in a process of its own), inside (in the one that serves), "
        "elsewhere (or 0: `ostiary worker` does).", worker_place,
    ),
    Setting("OSTIARY_PROCESSES", "1", "Processes of `serve` or `worker`, if --processes does not say.", whole(1, 64)),
    Setting(
        "OSTIARY_DRAIN_SECONDS", "0",
        "Seconds in which calls are still served after SIGTERM, while /health/ready says no.", whole(0, 300),
    ),
    Setting(
        "OSTIARY_LEASE_SECONDS", "30",
        "Seconds for which a worker holds a message that it claimed; longer than an endpoint may take.",
        seconds(0.2, 600),
    ),
    Setting(
        "OSTIARY_ENDPOINT_TIMEOUT_SECONDS", "15",
        "Seconds for one request to a webhook, a provider or a screening service, with its answer.", seconds(0.1, 20),
    ),
    Setting("OSTIARY_FIRST_RETRY_SECONDS", "5", "Seconds until a failed delivery is tried again.", seconds(0.1, 300)),
    Setting(
        "OSTIARY_STORE_TIMEOUT_SECONDS", "10", "Seconds for one call of the store of pictures.", seconds(0.1, 30)
    ),
    Setting(
        "OSTIARY_DATABASE_TIMEOUT_SECONDS", "10",
        "Seconds for one statement of PostgreSQL; half of it to connect.", seconds(0.2, 60),
    ),
    Setting(
        "OSTIARY_KEY_LEASE_SECONDS", "60",
        "Seconds for which a call whose process died holds its idempotency key.", seconds(0.2, 600),
    ),
    Setting(
        "OSTIARY_CAGE_REQUIRED", "0",
        "1: nothing starts where the kernel does not filter the decoders' system calls; 0: it is said.", whole(0, 1),
    ),
    Setting(
        "OSTIARY_CONSOLE", "1",
        "1: `serve` also serves the review console, at /console; 0: it does not.", whole(0, 1),
    ),
    Setting(
        "OSTIARY_HOSTED_PAGE", "1",
        "1: `serve` also serves the page on which clients onboard themselves, at /onboarding; 0: it does not.",
        whole(0, 1),
    ),
    Setting(
        "OSTIARY_CATALOGUE_FOUR_EYES", "0",
        "1: a published catalogue comes into force when a second approver says so; 0: at once.", whole(0, 1),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """The values in force."""

    settings_file: Path
    data_dir: Path
    database_url: str
    database_direct_url: str
    files_url: str
    master_key: str
    master_key_command: tuple[str, ...]
    master_key_file: Path | None
    checkpoints: str
    timestamp_url: str
    checkpoint_hours: int
    catalogue: Path | None
    providers: Path | None
    trust: Path | None
    public_url: str
    rate_limit_per_second: int
    trusted_proxies: tuple[IpNetwork, ...]
    max_body_bytes: int
    upload_budget_bytes: int
    company_quota_bytes: int
    allowed_private_networks: tuple[IpNetwork, ...]
    log_level: str
    worker_place: WorkerPlace
    processes: int
    drain_s: int
    lease_s: float
    endpoint_timeout_s: float
    first_retry_s: float
    store_timeout_s: float
    database_timeout_s: float
    key_lease_s: float
    cage_required: bool
    console: bool
    hosted_page: bool
    catalogue_four_eyes: bool


def read_settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Raises SettingInvalid, naming every setting at fault."""
    source = os.environ if environment is None else environment
    values: dict[str, Any] = {}
    faults = []
    for setting in TABLE:
        text = source.get(setting.name, "").strip() or setting.default  # files and shells leave a line's end behind
        try:
            _check_line(setting.name, text)
            values[setting.name] = setting.read(text)
        except ValueError as problem:
            faults.append(f"{setting.name} must be {problem}")
    unknown = [name for name in source if name.startswith("OSTIARY_") and name not in _NAMES]
    faults += _together(values)
    faults += [f"{name} is no setting; see `ostiary settings`" for name in sorted(unknown)]
    if faults:
        raise SettingInvalid("; ".join(faults))
    return _settings(values)


def _check_line(name: str, text: str) -> None:
    """A line's end or a control character inside a value, or quotes around it, lead elsewhere than meant,
    unseen. Master keys may stand one a line."""
    if name != "OSTIARY_MASTER_KEY" and _UNSEEN.search(text):
        raise ValueError("one line without control characters")
    if len(text) > 1 and text[0] == text[-1] and text[0] in _QUOTES:
        raise ValueError("without quotes around it: they are for shells, and `docker --env-file` hands them on")


_QUOTES = "\"'"
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u2028\u2029\ufeff]")


def _together(values: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with values that are each good, but do not go together."""
    lease, timeout = (values.get(f"OSTIARY_{name}_SECONDS", 0) for name in ("LEASE", "ENDPOINT_TIMEOUT"))
    if lease and lease <= timeout:
        yield (
            f"OSTIARY_LEASE_SECONDS must be more than OSTIARY_ENDPOINT_TIMEOUT_SECONDS, here {timeout:g}: else a "
            "message is sent again while its first try is still under way"
        )


OF_CALLERS = frozenset({"OSTIARY_API_KEY", "OSTIARY_API_KEY_FILE", "OSTIARY_URL", "OSTIARY_BIN"})
"""Names that code which calls the service may keep beside its settings."""
_NAMES = {setting.name for setting in TABLE} | OF_CALLERS


def _settings(values: Mapping[str, Any]) -> Settings:
    return Settings(
        settings_file=values[SETTINGS_FILE],
        data_dir=values["OSTIARY_DATA_DIR"],
        database_url=values["OSTIARY_DATABASE_URL"],
        database_direct_url=values["OSTIARY_DATABASE_DIRECT_URL"],
        files_url=values["OSTIARY_FILES_URL"],
        master_key=values["OSTIARY_MASTER_KEY"],
        master_key_command=values["OSTIARY_MASTER_KEY_COMMAND"],
        master_key_file=values["OSTIARY_MASTER_KEY_FILE"],
        checkpoints=values["OSTIARY_CHECKPOINTS"],
        timestamp_url=values["OSTIARY_TIMESTAMP_URL"],
        checkpoint_hours=values["OSTIARY_CHECKPOINT_HOURS"],
        catalogue=values["OSTIARY_CATALOGUE"],
        providers=values["OSTIARY_PROVIDERS"],
        trust=values["OSTIARY_TRUST"],
        public_url=values["OSTIARY_PUBLIC_URL"],
        rate_limit_per_second=values["OSTIARY_RATE_LIMIT_PER_SECOND"],
        trusted_proxies=values["OSTIARY_TRUSTED_PROXIES"],
        max_body_bytes=values["OSTIARY_MAX_BODY_MB"] * MB,
        upload_budget_bytes=values["OSTIARY_UPLOAD_BUDGET_MB"] * MB,
        company_quota_bytes=values["OSTIARY_COMPANY_QUOTA_GB"] * GB,
        allowed_private_networks=values["OSTIARY_ALLOWED_PRIVATE_NETWORKS"],
        log_level=values["OSTIARY_LOG_LEVEL"],
        worker_place=values["OSTIARY_EMBEDDED_WORKER"],
        processes=values["OSTIARY_PROCESSES"],
        drain_s=values["OSTIARY_DRAIN_SECONDS"],
        lease_s=values["OSTIARY_LEASE_SECONDS"],
        endpoint_timeout_s=values["OSTIARY_ENDPOINT_TIMEOUT_SECONDS"],
        first_retry_s=values["OSTIARY_FIRST_RETRY_SECONDS"],
        store_timeout_s=values["OSTIARY_STORE_TIMEOUT_SECONDS"],
        database_timeout_s=values["OSTIARY_DATABASE_TIMEOUT_SECONDS"],
        key_lease_s=values["OSTIARY_KEY_LEASE_SECONDS"],
        cage_required=bool(values["OSTIARY_CAGE_REQUIRED"]),
        console=bool(values["OSTIARY_CONSOLE"]),
        hosted_page=bool(values["OSTIARY_HOSTED_PAGE"]),
        catalogue_four_eyes=bool(values["OSTIARY_CATALOGUE_FOUR_EYES"]),
    )
