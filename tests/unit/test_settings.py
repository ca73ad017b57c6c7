"""Every setting: what is taken, what is refused and how that is said, and what holds without it."""

from __future__ import annotations

from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest

from ostiary.setting_readers import WorkerPlace
from ostiary.settings import GB, MB, OF_CALLERS, TABLE, Setting, SettingInvalid, Settings, read_settings

NETWORKS = "networks such as 192.0.2.0/24, separated by commas"
ADDRESS = "an address as https://kyc.example.com"
POSTGRESQL = (
    "postgresql://user:password@host:5432/database, with a password's @, /, [, ? and # as %40, %2F, %5B, %3F and %23"
)
WHOLE = {
    "OSTIARY_RATE_LIMIT_PER_SECOND": ("rate_limit_per_second", 0, 1_000, 1),
    "OSTIARY_MAX_BODY_MB": ("max_body_bytes", 1, 500, MB),
    "OSTIARY_UPLOAD_BUDGET_MB": ("upload_budget_bytes", 1, 100_000, MB),
    "OSTIARY_COMPANY_QUOTA_GB": ("company_quota_bytes", 0, 1_000_000, GB),
    "OSTIARY_PROCESSES": ("processes", 1, 64, 1),
    "OSTIARY_DRAIN_SECONDS": ("drain_s", 0, 300, 1),
    "OSTIARY_CAGE_REQUIRED": ("cage_required", 0, 1, 1),
    "OSTIARY_CONSOLE": ("console", 0, 1, 1),
    "OSTIARY_HOSTED_PAGE": ("hosted_page", 0, 1, 1),
    "OSTIARY_CATALOGUE_FOUR_EYES": ("catalogue_four_eyes", 0, 1, 1),
}
SECONDS = {
    "OSTIARY_LEASE_SECONDS": ("lease_s", "0.2", "600"),
    "OSTIARY_ENDPOINT_TIMEOUT_SECONDS": ("endpoint_timeout_s", "0.1", "20"),
    "OSTIARY_FIRST_RETRY_SECONDS": ("first_retry_s", "0.1", "300"),
    "OSTIARY_STORE_TIMEOUT_SECONDS": ("store_timeout_s", "0.1", "30"),
    "OSTIARY_DATABASE_TIMEOUT_SECONDS": ("database_timeout_s", "0.2", "60"),
    "OSTIARY_KEY_LEASE_SECONDS": ("key_lease_s", "0.2", "600"),
}
SHORTEST_TIMEOUT = {"OSTIARY_ENDPOINT_TIMEOUT_SECONDS": "0.1"}
"""So that every lease is longer."""


def fault_of(**given: str) -> str:
    with pytest.raises(SettingInvalid) as refused:
        read_settings(given)
    return str(refused.value)


def test_without_any_everything_has_its_default() -> None:
    assert read_settings({}) == Settings(
        settings_file=Path("/etc/ostiary/ostiary.env"),
        data_dir=Path.cwd() / "ostiary-data",
        database_url="",
        database_direct_url="",
        files_url="",
        master_key="",
        master_key_command=(),
        master_key_file=None,
        checkpoints="",
        timestamp_url="",
        checkpoint_hours=24,
        catalogue=None,
        providers=None,
        trust=None,
        public_url="",
        rate_limit_per_second=15,
        trusted_proxies=(),
        max_body_bytes=20 * MB,
        upload_budget_bytes=48 * MB,
        company_quota_bytes=100 * GB,
        allowed_private_networks=(),
        log_level="info",
        worker_place=WorkerPlace.BESIDE,
        processes=1,
        drain_s=0,
        lease_s=30.0,
        endpoint_timeout_s=15.0,
        first_retry_s=5.0,
        store_timeout_s=10.0,
        database_timeout_s=10.0,
        key_lease_s=60.0,
        cage_required=False,
        console=True,
        hosted_page=True,
        catalogue_four_eyes=False,
    )


@pytest.mark.parametrize("name", [setting.name for setting in TABLE])
def test_an_empty_value_is_as_none(name: str) -> None:
    assert read_settings({name: ""}) == read_settings({})


@pytest.mark.parametrize("name", WHOLE)
def test_a_number_is_taken_up_to_its_bounds_and_no_further(name: str) -> None:
    field, lowest, highest, unit = WHOLE[name]
    for number in (lowest, highest):
        assert getattr(read_settings({name: str(number)}), field) == number * unit
    expected = f"{name} must be a whole number from {lowest} to {highest}"
    for text in (str(lowest - 1), str(highest + 1), "-1", "+1", "1 1", "1.0", "1e1", "0x1", "one", "٣", "²"):
        assert fault_of(**{name: text}) == expected, text


@pytest.mark.parametrize("name", SECONDS)
def test_seconds_are_taken_up_to_their_bounds_and_no_further(name: str) -> None:
    field, lowest, highest = SECONDS[name]
    for text in (lowest, highest, "1.25"):
        assert getattr(read_settings(SHORTEST_TIMEOUT | {name: text}), field) == float(text)
    expected = f"{name} must be a number of seconds from {lowest} to {highest}, such as 2 or 0.5"
    wrong = (
        "0",
        "0.0999",
        f"{highest}.000001",
        "601",
        "1" * 7,
        "-1",
        "+1",
        "1 1",
        "1.",
        ".5",
        "1,5",
        "1e1",
        "1_0",
        "0x1",
        "nan",
        "inf",
        "1.0000001",
        "one",
        "٣",
        "²",
    )
    for text in wrong:
        assert fault_of(**SHORTEST_TIMEOUT | {name: text}) == expected, text


@pytest.mark.parametrize(
    ("lease", "timeout", "is_right"),
    [("15", None, False), ("15.1", None, True), ("2", "2", False), ("2", "1.9", True), (None, "20", True)],
)
def test_a_lease_is_longer_than_an_endpoint_may_take(lease: str | None, timeout: str | None, is_right: bool) -> None:
    given = {"OSTIARY_LEASE_SECONDS": lease, "OSTIARY_ENDPOINT_TIMEOUT_SECONDS": timeout}
    named = {name: text for name, text in given.items() if text is not None}
    if is_right:
        assert read_settings(named).lease_s == float(lease or 30)
    else:
        assert fault_of(**named) == (
            f"OSTIARY_LEASE_SECONDS must be more than OSTIARY_ENDPOINT_TIMEOUT_SECONDS, here {timeout or 15}: else a "
            "message is sent again while its first try is still under way"
        )


def test_what_cannot_be_read_is_not_compared_with_others() -> None:
    assert "more than" not in fault_of(OSTIARY_LEASE_SECONDS="soon")
    assert "more than" not in fault_of(OSTIARY_ENDPOINT_TIMEOUT_SECONDS="soon")


@pytest.mark.parametrize(
    ("text", "place"),
    [("0", "elsewhere"), ("1", "beside"), ("beside", "beside"), ("inside", "inside"), ("elsewhere", "elsewhere")],
)
def test_where_serve_delivers_is_said_in_words_or_as_it_used_to_be(text: str, place: str) -> None:
    assert read_settings({"OSTIARY_EMBEDDED_WORKER": text}).worker_place is WorkerPlace(place)


@pytest.mark.parametrize("text", ["2", "-1", "01", "Beside", "BESIDE", "outside", "true", "beside,inside"])
def test_any_other_place_is_refused(text: str) -> None:
    expected = "OSTIARY_EMBEDDED_WORKER must be one of: beside, inside, elsewhere, 1, 0"
    assert fault_of(OSTIARY_EMBEDDED_WORKER=text) == expected


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
        fault = fault_of(**{name: text})
        assert fault == f"{name} must be {POSTGRESQL}"
        assert text not in fault, "a password is not repeated"


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
        fault = fault_of(OSTIARY_LOG_LEVEL=level)
        assert fault == "OSTIARY_LOG_LEVEL must be one of: debug, info, warning, error"


@pytest.mark.parametrize(
    ("name", "field"),
    [("OSTIARY_FILES_URL", "files_url"), ("OSTIARY_MASTER_KEY", "master_key")],
)
def test_what_is_read_elsewhere_is_handed_on_as_it_is(name: str, field: str) -> None:
    assert getattr(read_settings({name: "s3://a/b"}), field) == "s3://a/b"


GOOD = {
    "OSTIARY_DATABASE_URL": "sqlite:///srv/a b.sqlite3", "OSTIARY_DATABASE_DIRECT_URL": "postgresql://u:p@db/o",
    "OSTIARY_DATA_DIR": "/srv/da ta", "OSTIARY_TRUSTED_PROXIES": "10.0.0.0/8", "OSTIARY_LOG_LEVEL": "debug",
    "OSTIARY_ALLOWED_PRIVATE_NETWORKS": "10.0.0.0/8", "OSTIARY_PUBLIC_URL": "https://kyc.example.com",
    "OSTIARY_TIMESTAMP_URL": "https://tsa.example.com/tsr",
}  # fmt: skip
"""Of settings of a form; others take their default, or any text."""


@pytest.mark.parametrize("around", ["{}\n", "{}\r\n", " {}", "\t{} \n", "{}\u00a0"], ids=ascii)
@pytest.mark.parametrize("setting", TABLE, ids=lambda setting: setting.name)
def test_what_shells_and_files_leave_around_a_value_is_cut_off(setting: Setting, around: str) -> None:
    value = GOOD.get(setting.name, setting.default or "/srv/x")
    assert read_settings({setting.name: around.format(value)}) == read_settings({setting.name: value})
    assert read_settings({setting.name: around.format("")}) == read_settings({})


@pytest.mark.parametrize("inside", ["\n", "\r", "\t", "\x1b", "\u2028", "\ufeff", "\u200b"], ids=ascii)
@pytest.mark.parametrize(
    "setting", [setting for setting in TABLE if setting.name != "OSTIARY_MASTER_KEY"], ids=lambda setting: setting.name
)
def test_a_value_of_several_lines_is_refused_and_not_repeated(setting: Setting, inside: str) -> None:
    value = GOOD.get(setting.name, setting.default or "/srv/x")
    fault = fault_of(**{setting.name: f"{value[:1]}{inside}{value[1:]}x"})
    assert fault == f"{setting.name} must be one line without control characters"


@pytest.mark.parametrize("quote", ["'", '"'])
@pytest.mark.parametrize("setting", TABLE, ids=lambda setting: setting.name)
def test_quotes_that_no_shell_took_away_are_refused_and_not_kept(setting: Setting, quote: str) -> None:
    value = GOOD.get(setting.name, setting.default or "/srv/x")
    for given in (value, ""):
        fault = fault_of(**{setting.name: f"{quote}{given}{quote}"})
        assert fault.startswith(f"{setting.name} must be without quotes around it")
    assert fault_of(OSTIARY_ZEBRA="1", **{setting.name: value}) == "OSTIARY_ZEBRA is no setting; see `ostiary settings`"


def test_master_keys_may_stand_one_a_line() -> None:
    assert read_settings({"OSTIARY_MASTER_KEY": "1:a\n2:b\n"}).master_key == "1:a\n2:b"


def test_every_fault_is_named_in_the_order_of_the_table_and_strangers_last() -> None:
    fault = fault_of(
        OSTIARY_ZEBRA="1", OSTIARY_LOG_LEVEL="x", OSTIARY_ACME="1", OSTIARY_MAX_BODY_MB="0", OSTIARY_PUBLIC_URL="x"
    )
    assert [part.split(" ")[0] for part in fault.split("; OSTIARY_")] == [
        "OSTIARY_PUBLIC_URL",
        "MAX_BODY_MB",
        "LOG_LEVEL",
        "ACME",
        "ZEBRA",
    ]
    assert fault.endswith("OSTIARY_ZEBRA is no setting; see `ostiary settings`")


def test_what_is_not_ours_is_not_looked_at() -> None:
    others: dict[str, Any] = {
        "PATH": "/bin",
        "ostiary_log_level": "x",
        "NOT_OSTIARY_X": "1",
        **dict.fromkeys(OF_CALLERS, "x"),
    }
    assert read_settings(others) == read_settings({})


def test_without_a_mapping_it_is_the_process_s_own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (setting.name for setting in TABLE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OSTIARY_PROCESSES", "7")
    assert read_settings().processes == 7


def test_each_setting_has_a_meaning_and_a_default_that_can_be_read() -> None:
    for setting in TABLE:
        setting.read(setting.default)
        assert setting.means.endswith("."), setting.name
    assert len({setting.name for setting in TABLE}) == len(TABLE)
