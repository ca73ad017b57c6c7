"""The files that operators write beside the catalogue: every fault at its place, every limit at its edge."""

from __future__ import annotations

from pathlib import Path

import pytest

from ostiary.adapters.config import providers_file, scenarios_file
from ostiary.adapters.config.secret_files import MOST_SECRET_BYTES
from ostiary.adapters.config.yaml_nodes import MOST_BYTES
from ostiary.adapters.lists.local_list import LocalList
from ostiary.adapters.lists.watchman import Watchman
from ostiary.adapters.lists.yente import Yente
from ostiary.domain.errors import ProvidersInvalid, ScenariosInvalid
from ostiary.domain.rejections import Code
from ostiary.domain.sandbox.scenarios import Scenario, ScenarioEnding, ScenarioFault
from tests.provided import SECRET

URL = "https://kyc.example.com"
LIST = "id,name\nX,Vladimir Petrov\n"


def written(folder: Path, source: str | bytes) -> Path:
    (folder / "secret").write_text(SECRET + "\n")
    (folder / "token").write_text("  token \n\n")
    (folder / "empty").write_text(" \n")
    (folder / "binary").write_bytes(b"\xff\xfe\x00")
    (folder / "list.csv").write_text(LIST)
    path = folder / "providers.yaml"
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    return path


def faults(folder: Path, source: str | bytes, public_url: str = URL) -> dict[str, tuple[str, str]]:
    """Place -> code and message."""
    path = written(folder, source)
    with pytest.raises(ProvidersInvalid) as refused:
        providers_file.load(path, public_url)
    return {fault.field.removeprefix(f"{path}:"): (fault.code, fault.message) for fault in refused.value.faults}


# ---- lists to screen against ----------------------------------------------------------------------------------------


def screening(declaration: str) -> str:
    return f"screening:\n  mine: {declaration}\n"


@pytest.mark.parametrize(
    ("source", "place", "code", "message"),
    [
        ("screening: [mine]", "1:12", "wrong_type", "must be a mapping: id: {...}"),
        ("screening: {Mine: {kind: local}}", "1:13", "bad_id", "lower-case"),
        (screening("{}"), "2:9", "unknown_choice", "local, yente, watchman"),
        (screening("[local]"), "2:9", "unknown_choice", "kind must be one of"),
        (screening("{kind: [local]}"), "2:9", "unknown_choice", "kind must be one of"),
        (screening("{kind: ofac}"), "2:9", "unknown_choice", "kind must be one of"),
        (screening("{kind: local}"), "2:3", "missing_key", "needs 'file'"),
        (screening("{kind: local, file: gone.csv}"), "2:29", "unreadable", "there is no such file"),
        (screening("{kind: local, file: .}"), "2:29", "unreadable", "there is no such file"),
        (screening("{kind: local, file: 12}"), "2:29", "wrong_type", "put it in quotes"),
        (screening("{kind: local, file: list.csv, url: 'https://x.example'}"),
         "2:39", "unknown_key", "file, threshold"),
        (screening("{kind: local, file: list.csv, treshold: 0.8}"), "2:39", "unknown_key", "did you mean 'threshold'?"),
        (screening("{kind: local, file: list.csv, threshold: 0.49}"), "2:50", "wrong_number", "from 0.5 to 1"),
        (screening("{kind: local, file: list.csv, threshold: 1.01}"), "2:50", "wrong_number", "from 0.5 to 1"),
        (screening("{kind: local, file: list.csv, threshold: '0.8'}"), "2:50", "wrong_number", "without quotes"),
        (screening("{kind: local, file: list.csv, threshold: 8e-1}"), "2:50", "wrong_number", "written with digits"),
        (screening("{kind: local, file: list.csv, threshold: -0.8}"), "2:50", "wrong_number", "from 0.5 to 1"),
        (screening("{kind: yente}"), "2:3", "missing_key", "needs 'url'"),
        (screening("{kind: yente, url: yente.example}"), "2:28", "bad_address", "http or https"),
        (screening("{kind: yente, url: 'https://u@yente.example'}"), "2:28", "bad_address", "without user name"),
        (screening("{kind: yente, url: 'https://'}"), "2:28", "bad_address", "http or https"),
        (screening("{kind: yente, url: 'https://y.example', dataset: 1}"), "2:58", "wrong_type", "must be a text"),
        (screening("{kind: yente, url: 'https://y.example', api_key_file: gone}"),
         "2:63", "unreadable", "No such file"),
        (screening("{kind: yente, url: 'https://y.example', file: list.csv}"), "2:49", "unknown_key", "unknown key"),
        (screening("{kind: watchman}"), "2:3", "missing_key", "needs 'url'"),
        (screening("{kind: watchman, url: 'ftp://w.example'}"), "2:31", "bad_address", "http or https"),
        (screening("{kind: watchman, url: 'https://w.example', dataset: sdn}"),
         "2:52", "unknown_key", "url, threshold"),
        (screening("{kind: watchman, url: 'https://w.example', threshold: 2}"), "2:63", "wrong_number", "0.5 to 1"),
    ],
)  # fmt: skip
def test_a_fault_of_a_list_is_told_with_its_place(
    tmp_path: Path, source: str, place: str, code: str, message: str
) -> None:
    by_place = faults(tmp_path, source)
    assert list(by_place) == [place]
    assert by_place[place][0] == code
    assert message in by_place[place][1]


@pytest.mark.parametrize("threshold", ["0.5", "0.50", "0.999", "1", "1.0"])
def test_a_threshold_is_half_to_one_with_both_ends(tmp_path: Path, threshold: str) -> None:
    for declaration in ("local, file: list.csv", "watchman, url: 'http://w.example'", "yente, url: 'http://y.example'"):
        path = written(tmp_path, screening(f"{{kind: {declaration}, threshold: {threshold}}}"))
        assert len(providers_file.load(path, "").lists) == 1


def test_every_kind_of_list_is_made_in_the_order_of_the_file(tmp_path: Path) -> None:
    source = """screening:
  own: {kind: local, file: list.csv}
  open: {kind: yente, url: 'https://y.example/', dataset: sanctions, api_key_file: token}
  moov: {kind: watchman, url: 'https://w.example'}
"""
    lists = providers_file.load(written(tmp_path, source), "").lists
    assert [(type(declared), declared.name) for declared in lists] == [
        (LocalList, "own"),
        (Yente, "open"),
        (Watchman, "moov"),
    ]


# ---- providers ------------------------------------------------------------------------------------------------------


def provider(declaration: str) -> str:
    return f"providers:\n  acme: {declaration}\n"


SUMSUB = {
    "app_token_file": "token", "secret_key_file": "token", "webhook_secret_files": "[token]",
    "levels": "{cards: basic}",
}  # fmt: skip


def sumsub(**changes: str | None) -> str:
    keys = {key: value for key, value in {**SUMSUB, **changes}.items() if value is not None}
    return provider("{kind: sumsub, " + ", ".join(f"{key}: {value}" for key, value in keys.items()) + "}")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("", {"1:1 missing_key"}),
        ("providers: text", {"1:12 wrong_type"}),
        (provider("text"), {"2:3 wrong_type", "2:9 unknown_choice"}),
        (provider("{url: 'https://a.example'}"), {"2:3 missing_key", "2:9 unknown_choice"}),
        (provider("{kind: http}"), {"2:3 missing_key"}),
        (provider("{kind: http, url: 'https://a.example', secret_files: secret}"), {"2:62 wrong_type"}),
        (provider("{kind: http, url: 'https://a.example', secret_files: []}"), {"2:62 wrong_type"}),
        (provider("{kind: http, url: 'https://a.example', secret_files: [secret, secret]}"), {"2:71 duplicate_item"}),
        (provider("{kind: http, url: 'https://a.example', secret_files: [secret, token]}"), {"2:62 bad_secret"}),
        (provider("{kind: http, url: 'https://a.example', secret_files: [binary]}"), {"2:63 unreadable"}),
        (provider("{kind: http, url: 'https://a.example', secret_files: [gone, binary]}"),
         {"2:63 unreadable", "2:69 unreadable"}),
        (provider("{kind: http, url: 'a.example', secret_files: [secret]}"), {"2:27 bad_address"}),
        (sumsub(app_token_file="gone"), {"2:16 incomplete", "2:40 unreadable"}),
        (sumsub(app_token_file="empty"), {"2:16 incomplete"}),
        (sumsub(secret_key_file="empty"), {"2:16 incomplete"}),
        (sumsub(webhook_secret_files="[empty]"), {"2:16 incomplete"}),
        (sumsub(levels="{}"), {"2:16 incomplete"}),
        (sumsub(levels="{cards: ''}"), {"2:118 wrong_length", "2:16 incomplete"}),
        (sumsub(levels="[basic]"), {"2:110 wrong_type", "2:16 incomplete"}),
        (sumsub(base_url="'ftp://x.example'"), {"2:136 bad_address"}),
        (sumsub(url="'https://x.example'"), {"2:126 unknown_key"}),
    ],
)  # fmt: skip
def test_every_fault_of_a_provider_is_told_at_once(tmp_path: Path, source: str, expected: set[str]) -> None:
    path = written(tmp_path, source)
    with pytest.raises(ProvidersInvalid) as refused:
        providers_file.load(path, URL)
    assert {f"{fault.field.removeprefix(f'{path}:')} {fault.code}" for fault in refused.value.faults} == expected


@pytest.mark.parametrize(
    ("content", "why"),
    [(b"providers:\n  \xff: {}", "is not UTF-8"), (b" " * (MOST_BYTES + 1), "at most 256 KiB")],
)
def test_a_file_that_is_no_text_or_too_long_is_refused(tmp_path: Path, content: bytes, why: str) -> None:
    path = written(tmp_path, content)
    with pytest.raises(ProvidersInvalid, match=why):
        providers_file.load(path, URL)


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["plain", "with a byte order mark"])
async def test_a_secret_is_read_trimmed_and_a_mark_at_the_files_start_is_no_matter(tmp_path: Path, mark: bytes) -> None:
    path = written(tmp_path, mark + sumsub().encode())
    (provider,) = providers_file.load(path, "").providers().values()
    assert provider.name == "acme"
    await provider.close()


def test_of_a_secrets_file_so_much_is_read_as_a_secret_can_be_long(tmp_path: Path) -> None:
    path = written(tmp_path, provider("{kind: http, url: 'https://a.example', secret_files: [long]}"))
    (tmp_path / "long").write_bytes(b"x" * MOST_SECRET_BYTES + b"\xff")  # what comes behind is never looked at
    with pytest.raises(ProvidersInvalid, match="Standard Webhooks"):
        providers_file.load(path, URL)


def test_no_secret_stands_in_any_fault(tmp_path: Path) -> None:
    for source in (provider("{kind: http, url: 'a', secret_files: [secret, token]}"), sumsub(levels="{}")):
        path = written(tmp_path, source)
        with pytest.raises(ProvidersInvalid) as refused:
            providers_file.load(path, "")
        shown = repr(refused.value) + str(refused.value.faults)
        assert SECRET not in shown


# ---- scenarios ------------------------------------------------------------------------------------------------------

USUAL = "  usual: {description: Enabled, outcome: enabled}\n"


def scenario(declaration: str) -> str:
    return f"scenarios:\n  a: {{description: x, {declaration}}}\n{USUAL}"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (scenario("outcome: enabled, delay_s: -1"), {"2:50 wrong_number"}),
        (scenario("outcome: enabled, delay_s: 1.5"), {"2:50 wrong_number"}),
        (scenario("outcome: enabled, delay_s: '1'"), {"2:50 wrong_number"}),
        (scenario("outcome: enabled, delay_s: 601"), {"2:50 wrong_number"}),
        (scenario("outcome: enabled, times: 0"), {"2:48 wrong_number"}),
        (scenario("outcome: enabled, times: 11"), {"2:48 wrong_number"}),
        (scenario("outcome: enabled, number_prefix: 12"), {"2:56 wrong_type"}),
        (scenario("outcome: enabled, prefix: A"), {"2:41 unknown_key"}),
        (scenario("outcome: Enabled"), {"2:32 unknown_choice"}),
        (scenario("outcome: pending_documentation, reasons: {}"), {"2:64 missing_key", "2:64 wrong_type"}),
        (scenario("outcome: pending_documentation, reasons: []"), {"2:64 missing_key", "2:64 wrong_type"}),
        (scenario("outcome: pending_documentation, reasons: [text]"), {"2:64 missing_key", "2:65 wrong_type"}),
        (scenario("outcome: pending_documentation, reasons: [{code: image_blurred}]"),
         {"2:64 missing_key", "2:65 missing_key"}),
        (scenario("outcome: pending_documentation, reasons: [{field: image_front}]"),
         {"2:64 missing_key", "2:65 missing_key"}),
        (scenario("outcome: pending_documentation, reasons: [{code: image_blurred, field: image_front, why: x}]"),
         {"2:107 unknown_key"}),
        ("scenarios:\n  A: {description: x, outcome: enabled}\n" + USUAL, {"2:3 bad_id"}),
        ("scenarios:\n" + USUAL + USUAL, {"3:3 duplicate_key"}),
        ("scenarios: [x]\n", {"1:1 no_default", "1:12 wrong_type"}),
        ("", {"1:1 missing_key"}),
    ],
)  # fmt: skip
def test_every_fault_of_a_scenario_is_told_with_its_place(source: str, expected: set[str]) -> None:
    with pytest.raises(ScenariosInvalid) as refused:
        scenarios_file.parse(source, "s.yaml")
    assert {f"{fault.field.removeprefix('s.yaml:')} {fault.code}" for fault in refused.value.faults} == expected


@pytest.mark.parametrize(("delay_s", "times"), [(0, 1), (1, 2), (599, 9), (600, 10)])
def test_delay_and_times_are_taken_up_to_their_edges(delay_s: int, times: int) -> None:
    source = scenario(f"outcome: enabled, delay_s: {delay_s}, times: {times}")
    first, usual = scenarios_file.parse(source, "s.yaml")
    assert (first.delay_ms, first.times) == (delay_s * 1000, times)
    assert (usual.delay_ms, usual.times) == (0, None)


def test_all_of_a_scenario_is_read() -> None:
    source = scenario(
        "number_prefix: ' RE', last_name: Doe, outcome: pending_documentation, delay_s: 2, times: 3, reason: Again.,"
        " reasons: [{code: image_blurred, field: image_front}, {code: data_invalid, field: phone}]"
    )
    first, _ = scenarios_file.parse(source, "s.yaml")
    reasons = (ScenarioFault(Code.IMAGE_BLURRED, "image_front"), ScenarioFault(Code.DATA_INVALID, "phone"))
    assert first == Scenario("a", "x", ScenarioEnding.RETURNED, "RE", "Doe", 2000, 3, reasons, "Again.")
