"""Every setting: what is taken, what is refused and how that is said, and what holds without it."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from ostiary.settings import MB, OF_CALLERS, TABLE, SettingInvalid, Settings, read_settings

NETWORKS = "networks such as 10.0.0.0/8, separated by commas"
ADDRESS = "an address as https://kyc.example.com"
POSTGRESQL = "postgresql://user:password@host:5432/database, with a password's @, / and [ as %40, %2F and %5B"
WHOLE = {
    "OSTIARY_RATE_LIMIT_PER_SECOND": ("rate_limit_per_second", 0, 1_000, 1),
    "OSTIARY_MAX_BODY_MB": ("max_body_bytes", 1, 500, MB),
    "OSTIARY_UPLOAD_BUDGET_MB": ("upload_budget_bytes", 1, 100_000, MB),
    "OSTIARY_EMBEDDED_WORKER": ("embedded_worker", 0, 1, 1),
    "OSTIARY_PROCESSES": ("processes", 1, 64, 1),
    "OSTIARY_DRAIN_SECONDS": ("drain_s", 0, 300, 1),
}


def fault_of(**given: str) -> str:
    with pytest.raises(SettingInvalid) as refused:
        read_settings(given)
    return str(refused.value)


def test_without_any_everything_has_its_default() -> None:
    assert read_settings({}) == Settings(
        data_dir=Path.cwd() / "ostiary-data", database_url="", database_direct_url="", files_url="", master_key="",
        master_key_file=None, catalogue=None, providers=None, public_url="", rate_limit_per_second=15,
        trusted_proxies=(), max_body_bytes=20 * MB, upload_budget_bytes=48 * MB, allowed_private_networks=(),
        log_level="info", embedded_worker=True, processes=1, drain_s=0,
    )  # fmt: skip


@pytest.mark.parametrize("name", [one.name for one in TABLE])
def test_an_empty_value_is_as_none(name: str) -> None:
    assert read_settings({name: ""}) == read_settings({})


@pytest.mark.parametrize("name", WHOLE)
def test_a_number_is_taken_up_to_its_bounds_and_no_further(name: str) -> None:
    field, lowest, highest, unit = WHOLE[name]
    for number in (lowest, highest):
        assert getattr(read_settings({name: str(number)}), field) == number * unit
    said = f"{name} must be a whole number from {lowest} to {highest}"
    for text in (str(lowest - 1), str(highest + 1), "-1", "+1", " 1", "1 ", "1.0", "1e1", "0x1", "one", "٣", "²"):
        assert fault_of(**{name: text}) == said, text


@pytest.mark.parametrize("text", ["0", "1"])
def test_whether_serve_delivers_is_a_truth_and_no_number(text: str) -> None:
    assert read_settings({"OSTIARY_EMBEDDED_WORKER": text}).embedded_worker is bool(int(text))


@pytest.mark.parametrize("name", ["OSTIARY_TRUSTED_PROXIES", "OSTIARY_ALLOWED_PRIVATE_NETWORKS"])
@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("10.0.0.0/8", ["10.0.0.0/8"]),
        ("10.0.0.1", ["10.0.0.1/32"]),
        (" 10.0.0.0/8 ,fd00::/8,", ["10.0.0.0/8", "fd00::/8"]),
        (",", []),
        ("10.0.0.1/8", None),
        ("10.0.0.0/33", None),
        ("10.0.0.0/8;10.1.0.0/16", None),
        ("localhost", None),
    ],
)
def test_networks(name: str, text: str, read: list[str] | None) -> None:
    if read is None:
        assert fault_of(**{name: text}) == f"{name} must be {NETWORKS}"
        return
    field = name.removeprefix("OSTIARY_").lower()
    assert getattr(read_settings({name: text}), field) == tuple(map(ip_network, read))


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("https://kyc.example.com", "https://kyc.example.com"),
        ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
        ("https://example.com/kyc//", "https://example.com/kyc"),
        ("kyc.example.com", None),
        ("ftp://kyc.example.com", None),
        ("https://", None),
        ("https://example.com/?a=1", None),
        ("https://example.com/#part", None),
    ],
)
def test_the_public_address(text: str, read: str | None) -> None:
    if read is None:
        assert fault_of(OSTIARY_PUBLIC_URL=text) == f"OSTIARY_PUBLIC_URL must be {ADDRESS}"
    else:
        assert read_settings({"OSTIARY_PUBLIC_URL": text}).public_url == read


@pytest.mark.parametrize("name", ["OSTIARY_DATABASE_URL", "OSTIARY_DATABASE_DIRECT_URL"])
@pytest.mark.parametrize(
    ("text", "is_taken"),
    [
        ("postgresql://ostiary:secret@db:5432/ostiary", True),
        ("postgres://db/o", True),
        ("postgresql://u:p%40ss%2F@db/o", True),
        ("postgresql://u:p@ss@db/o", True),  # the last @ ends the password, for the driver as well
        ("postgresql://u:p/ss@db/o", False),
        ("postgresql://u:p[ss@db/o", False),
        ("postgresql://db", False),
        ("postgresql://db/", False),
        ("sqlite:////srv/o.sqlite3", True),
        ("mysql://db/o", True),  # said when it is opened, with what there is instead
    ],
)
def test_a_database_whose_password_would_be_misread_is_told(name: str, text: str, is_taken: bool) -> None:
    if is_taken:
        assert getattr(read_settings({name: text}), name.removeprefix("OSTIARY_").lower()) == text
    else:
        said = fault_of(**{name: text})
        assert said == f"{name} must be {POSTGRESQL}"
        assert text not in said, "a password is not repeated"


@pytest.mark.parametrize(
    "name", ["OSTIARY_DATA_DIR", "OSTIARY_MASTER_KEY_FILE", "OSTIARY_CATALOGUE", "OSTIARY_PROVIDERS"]
)
def test_paths_are_whole_wherever_the_process_stands(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", "/home/ana")
    for text, path in (("a/b", tmp_path / "a/b"), ("/srv/x", Path("/srv/x")), ("~/x", Path("/home/ana/x"))):
        assert getattr(read_settings({name: text}), name.removeprefix("OSTIARY_").lower()) == path


@pytest.mark.parametrize("level", ["debug", "info", "warning", "error", "INFO", "warn", "loud"])
def test_log_levels(level: str) -> None:
    if level in ("debug", "info", "warning", "error"):
        assert read_settings({"OSTIARY_LOG_LEVEL": level}).log_level == level
    else:
        said = fault_of(OSTIARY_LOG_LEVEL=level)
        assert said == "OSTIARY_LOG_LEVEL must be one of: debug, info, warning, error"


@pytest.mark.parametrize(
    ("name", "field"),
    [("OSTIARY_FILES_URL", "files_url"), ("OSTIARY_MASTER_KEY", "master_key")],
)
def test_what_is_read_elsewhere_is_handed_on_as_it_is(name: str, field: str) -> None:
    assert getattr(read_settings({name: " s3://a/b "}), field) == " s3://a/b "


def test_every_fault_is_named_in_the_order_of_the_table_and_strangers_last() -> None:
    said = fault_of(
        OSTIARY_ZEBRA="1", OSTIARY_LOG_LEVEL="x", OSTIARY_ACME="1", OSTIARY_MAX_BODY_MB="0", OSTIARY_PUBLIC_URL="x"
    )
    assert [one.split(" ")[0] for one in said.split("; OSTIARY_")] == [
        "OSTIARY_PUBLIC_URL", "MAX_BODY_MB", "LOG_LEVEL", "ACME", "ZEBRA",
    ]  # fmt: skip
    assert said.endswith("OSTIARY_ZEBRA is no setting; see `ostiary settings`")


def test_what_is_not_ours_is_not_looked_at() -> None:
    others: dict[str, Any] = {
        "PATH": "/bin",
        "ostiary_log_level": "x",
        "NOT_OSTIARY_X": "1",
        **dict.fromkeys(OF_CALLERS, "x"),
    }
    assert read_settings(others) == read_settings({})


def test_without_a_mapping_it_is_the_process_s_own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (one.name for one in TABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OSTIARY_PROCESSES", "7")
    assert read_settings().processes == 7


def test_each_setting_has_a_meaning_and_a_default_that_can_be_read() -> None:
    for one in TABLE:
        one.read(one.default)
        assert one.means.endswith("."), one.name
    assert len({one.name for one in TABLE}) == len(TABLE)
