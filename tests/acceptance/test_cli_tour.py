"""The first two minutes: what `serve --sandbox` prints works when it is pasted, and the demo ends as it says."""

from __future__ import annotations

import json
import os
import signal
import socket
import stat
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from ostiary.cli.demo.client import shortened
from ostiary.cli.demo.printer import DEEPEST, compact, gist, short_ids
from tests.acceptance.conftest import OSTIARY, RunningService, environment, installed, process
from tests.acceptance.onboarding import until
from tests.commands import command

Start = Callable[..., RunningService]
USUAL_RATE = 15
PASTED_WITHIN_S, PLAYED_WITHIN_S = 240, 240


def printed(service: RunningService) -> str:
    """The six calls as they stand in the terminal."""
    text = service.log.read_text()
    return "URL=" + text.partition("\nURL=")[2].partition("\nThe document's number chooses")[0]


def pasted(lines: str, folder: Path) -> subprocess.CompletedProcess[str]:
    line = ["bash", "-e", "-c", lines]
    return subprocess.run(line, cwd=folder, capture_output=True, text=True, timeout=PASTED_WITHIN_S, check=False)


# ---- serve --sandbox ------------------------------------------------------------------------------------------------


def test_the_printed_calls_enable_a_client_when_pasted_twice(service_factory: Start, tmp_path: Path) -> None:
    service = service_factory("--sandbox", rate_limit_per_second=USUAL_RATE)
    for _ in range(2):
        done = pasted(printed(service), tmp_path)
        assert done.returncode == 0, done.stderr
        shown, _, listed = done.stdout.partition("\n[\n")
        listed, _, rest = listed.partition("\n]\n")
        (product,) = json.loads(f"[{listed}]")
        assert product["status"] == "enabled"
        [delivered] = [line for line in rest.splitlines() if line.startswith("webhook: ")]
        assert '"event_type":"webhook_test"' in delivered
        assert '"status":"in_kyc"' in shown
        assert '"rejected_items":[]' in shown
        assert '"type":"individual"' in done.stderr  # answers that are captured are shown all the same


def test_the_calls_work_from_a_folder_with_blanks_in_its_name(service_factory: Start, tmp_path: Path) -> None:
    folder = tmp_path / "a folder"
    folder.mkdir()
    service = service_factory("--sandbox", data_dir=folder / "data")
    done = pasted(printed(service), tmp_path)
    assert '"status": "enabled"' in done.stdout, done.stderr


def test_everything_needed_is_printed(service_factory: Start) -> None:
    service = service_factory("--sandbox", is_new=True)
    record = json.loads((service.data / "sandbox.json").read_text())
    text = service.log.read_text()
    wanted = [service.url, f"{service.url}/docs", record["company_id"], *record["keys"].values(), "REJECT...", "demo"]
    assert not [word for word in wanted if word not in text]
    assert str(service.data / "sandbox.json") in text
    assert httpx.get(f"{service.url}/docs", trust_env=False).status_code == 200


def second_penalty(service: RunningService) -> str:
    """The seconds to wait after the limit was exceeded a second time, once the first wait was over."""
    penalties: list[str] = []
    while len(penalties) < 2:
        answer = httpx.get(f"{service.url}/management/products", trust_env=False)
        if answer.status_code == 429:
            penalties.append(answer.headers["Retry-After"])
            time.sleep(int(penalties[-1]))
    assert penalties[0] == "1"
    return penalties[1]


@pytest.mark.parametrize(("words", "expected"), [(("--sandbox",), "1"), ((), "2")])
def test_only_production_punishes_speed_more_each_time(
    service_factory: Start, words: tuple[str, ...], expected: str
) -> None:
    assert second_penalty(service_factory(*words, rate_limit_per_second=1)) == expected


def test_keys_are_for_the_owner_only_and_have_their_levels(service_factory: Start) -> None:
    service = service_factory("--sandbox")
    path = service.data / "sandbox.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    record = json.loads(path.read_text())
    listed = service.answer("key", "list", "--company", record["company_id"])
    assert sorted(key["level"] for key in listed) == [1, 3]
    weak = httpx.Client(base_url=service.url, headers={"x-api-key": record["keys"]["1"]}, trust_env=False)
    with weak:
        assert weak.get("/management/clients/individuals").status_code == 200
        refused = weak.post(f"/management/clients/individuals/{'x' * 32}/products", json={"subproduct": "x"})
        assert refused.json()["code"] == "ACCESS_DENIED"


def test_a_second_start_uses_the_same_company_and_keys(service_factory: Start) -> None:
    service = service_factory("--sandbox")
    before = (service.data / "sandbox.json").read_bytes()
    assert service.stop() == 0
    service.start()
    assert (service.data / "sandbox.json").read_bytes() == before
    assert [company["name"] for company in service.answer("company", "list")] == ["Sandbox"]
    leftover = [file.name for file in service.data.iterdir() if file.name.startswith(".")]
    assert leftover == []


def test_a_port_that_is_taken_is_told_before_anything_is_printed(tmp_path: Path) -> None:
    service = installed(tmp_path / "data")
    with socket.create_server(("127.0.0.1", service.port)):
        assert "--port chooses another" in refused_start(service)


def refused_start(service: RunningService) -> str:
    """What `serve --sandbox` says when it does not start."""
    done = process(service.variables, "serve", "--sandbox", "--port", service.port)
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr


def test_keys_that_no_longer_count_are_told_and_the_file_is_left_alone(service_factory: Start) -> None:
    service = service_factory("--sandbox")
    path = service.data / "sandbox.json"
    record = json.loads(path.read_text())
    strong = [key for key in service.answer("key", "list", "--company", record["company_id"]) if key["level"] == 3]
    service.answer("key", "revoke", strong[0]["key_id"])
    service.stop()
    assert "it was revoked, or the file belongs to another database" in refused_start(service)
    assert json.loads(path.read_text()) == record


@pytest.mark.parametrize("content", ["", "[]", '{"company_id": "x", "keys": {"1": "y"}}', '{"keys": 3}'])
def test_a_file_that_is_something_else_is_never_written_over(tmp_path: Path, content: str) -> None:
    service = installed(tmp_path / "data")
    path = service.data / "sandbox.json"
    path.write_text(content)
    assert "Move it away and start again" in refused_start(service)
    assert path.read_text() == content


# ---- demo -----------------------------------------------------------------------------------------------------------


def test_the_demo_plays_three_onboardings_and_leaves_nothing(tmp_path: Path) -> None:
    done = process(environment(tmp_path / "untouched") | {"TMPDIR": str(tmp_path)}, "demo")
    assert done.returncode == 0, done.stdout + done.stderr
    for words in ("A client who is let in", "in_kyc", "→ 201", "Sent back to pending_documentation", "as it should"):
        assert words in done.stdout
    assert "The sandbox scenario REJECT refuses every submission." in done.stdout
    assert "\x1b" not in done.stdout, "colours are for terminals"
    assert max(map(len, done.stdout.splitlines())) <= 110
    assert list(tmp_path.iterdir()) == []


def played(done: subprocess.CompletedProcess[str]) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def test_against_a_running_service_every_step_is_there_for_machines(service_factory: Start) -> None:
    service = service_factory(rate_limit_per_second=USUAL_RATE)
    done = service.cli("demo", "--url", service.url, "--key", service.key(3), "--json")
    assert done.returncode == 0, done.stderr
    report = played(done)
    assert report["ok"] is True
    assert [onboarding["ended"] for onboarding in report["onboardings"]] == ["enabled", "rejected", "enabled"]
    steps = [step for onboarding in report["onboardings"] for step in onboarding["steps"]]
    assert {step["status"] for step in steps} == {200, 201}
    assert all(step["means"] and step["ms"] > 0 for step in steps)
    assert "base64" in done.stdout
    assert len(done.stdout) < 60_000, "pictures are shortened"
    rejected, retried = report["onboardings"][1]["steps"], report["onboardings"][2]["steps"]
    assert any("rejection_description" in step["answer"] for step in rejected)
    assert [step["answer"]["status"] for step in rejected[-2:]] == ["requested", "rejected"]
    (sent_back,) = [step["answer"] for step in retried if step["path"].endswith("?expand=rejected_items")]
    assert sent_back["rejected_items"][0]["code"] == "image_not_readable"


def test_a_limited_service_is_waited_for(service_factory: Start) -> None:
    """The demo is soon over this limit, is told how long to wait, and ends all the same."""
    service = service_factory("--sandbox", rate_limit_per_second=8)
    key = json.loads((service.data / "sandbox.json").read_text())["keys"]["3"]
    done = service.cli("demo", "--url", service.url, "--key", key, "--json")
    assert played(done)["ok"] is True


def test_a_key_that_is_too_weak_stops_each_onboarding_and_is_named(service_factory: Start) -> None:
    service = service_factory()
    done = service.cli("demo", "--url", service.url, "--key", service.key(1), "--json")
    assert done.returncode == 1
    report = played(done)
    assert report["ok"] is False
    assert "needs an API key of level 3" in report["onboardings"][0]["problem"]


def test_what_keeps_the_demo_from_playing_is_said(service_factory: Start) -> None:
    service = service_factory()
    nowhere = "http://127.0.0.1:9"
    for words, status, says in (
        (("--url", service.url), 2, "add --key"),
        (("--key", "osk_x"), 2, "add --url"),
        (("--url", "127.0.0.1:8080", "--key", "osk_x"), 2, "such as http://127.0.0.1:8080"),
        (("--url", nowhere, "--key", "osk_x"), 1, "Is `ostiary serve` running there?"),
        (("--url", service.url, "--key", "osk_x"), 1, "The API key is missing, unknown"),
        (("--url", service.url + "/docs", "--key", "osk_x"), 1, "404"),
    ):
        done = service.cli("demo", *words)
        assert done.returncode == status, (words, done.stderr)
        assert says in done.stderr


def test_a_demo_that_is_interrupted_ends_its_service(tmp_path: Path) -> None:
    variables = {**environment(tmp_path / "untouched"), "TMPDIR": str(tmp_path)}
    with (tmp_path / "out").open("wb") as out:
        demo = subprocess.Popen([str(OSTIARY), "demo"], env=variables, stdout=out, stderr=out)
        until(
            lambda: "1 of 3" in (tmp_path / "out").read_text() or bool(list(tmp_path.glob("ostiary-demo-*/data"))), "it"
        )
        children = Path(f"/proc/{demo.pid}/task/{demo.pid}/children").read_text().split()
        demo.send_signal(signal.SIGTERM)
        assert demo.wait(PLAYED_WITHIN_S) == 1
    assert len(children) == 1
    assert not Path(f"/proc/{children[0]}").exists()
    assert [file.name for file in tmp_path.iterdir()] == ["out"]


# ---- specimen -------------------------------------------------------------------------------------------------------


def test_a_specimen_says_whose_it_is_and_never_overwrites(tmp_path: Path) -> None:
    page, variables = tmp_path / "page.jpg", environment(tmp_path / "untouched")
    holder = ("--first-name", "Maria", "--last-name", "Barber", "--birth-date", "1984-11-21", "--country", "ARG")
    done = command(variables, "specimen", page, "--number", "REVIEW123", *holder, "--json")
    report = json.loads(done.stdout)
    assert report.pop("expiration_date") > "2033"
    assert report.pop("sex") in "FM"
    assert report == {
        "file": str(page), "bytes": page.stat().st_size, "document_type": "passport", "side": "front",
        "number": "REVIEW123", "issuing_country": "ARG", "first_name": "Maria", "last_name": "Barber",
        "birth_date": "1984-11-21",
    }  # fmt: skip
    assert page.read_bytes()[:3] == b"\xff\xd8\xff"
    again = command(variables, "specimen", page)
    assert again.returncode == 1
    assert "exists and is not written over" in again.stderr
    long = command(variables, "specimen", tmp_path / "other.jpg", "--number", "X" * 30)
    assert long.returncode == 1
    assert "cannot be drawn" in long.stderr
    assert os.listdir(tmp_path) == ["page.jpg"]


TRIES = 5
HOLDER = ("--first-name", "Maria", "--last-name", "Barber", "--birth-date", "1984-11-21", "--country", "ARG")


def test_what_happens_in_production_can_be_rehearsed_with_a_specimen(service_factory: Start, tmp_path: Path) -> None:
    service = service_factory()
    holder = service.answer("specimen", tmp_path / "page.jpg", *HOLDER, "--number", "AR1234567")
    partner, clients = service.client("production"), "/management/clients/individuals"
    details = {name: holder[name] for name in ("first_name", "last_name", "birth_date")}
    address = {"street_line1": "Florida 9860", "city": "Del Viso", "country": "ARG"}
    client = partner.post(clients, json={**details, "email": "maria@example.com", "address": address,
                                         "phone_country_code": 54, "phone_number": 1168860622}).json()  # fmt: skip
    requested = partner.post(f"{clients}/{client['id']}/products", json={"subproduct": "cards_individuals"}).json()
    request = f"{clients}/{client['id']}/products/{requested['id']}"
    named = {name: holder[name] for name in ("number", "issuing_country", "expiration_date")}
    document = json.dumps({"document_type": holder["document_type"], "metadata": named})
    files: dict[str, tuple[str | None, bytes, str]] = {
        "document": (None, document.encode(), "application/json"),
        "image_front": ("page.jpg", (tmp_path / "page.jpg").read_bytes(), "image/jpeg"),
    }
    sent = partner.post(f"{request}/documentation", files=files)
    assert sent.json()["rejected_items"] == [], sent.text
    assert partner.post(f"{request}/submit").json()["product"]["status"] == "in_kyc"
    until(lambda: partner.get(request).json()["status"] == "enabled", "the machine let it in", PLAYED_WITHIN_S)


SPECIMENS = (
    ("passport", "front", "ARG", "TD3"), ("passport", "front", "DEU", "TD3"), ("national_id", "back", "XKX", "TD1"),
    ("visa", "front", "UTO", "MRV-A"), ("residence_card", "back", "FRA", "TD1"),
)  # fmt: skip


def test_what_it_says_is_what_is_read_on_it(tmp_path: Path) -> None:
    variables, holder = environment(tmp_path / "untouched"), ("--first-name", "Zoë", "--last-name", "Müller")
    specimens: list[dict[str, Any]] = []
    for number, (kind, side, country, _) in enumerate(SPECIMENS):
        words = ("--type", kind, "--side", side, "--country", country, *holder, "--json")
        done = command(variables, "specimen", tmp_path / f"{number}.jpg", *words)
        specimens.append(json.loads(done.stdout))

    def read(file: str) -> Any:
        """On a machine that is busy the reader may be out of time."""
        for _ in range(TRIES):
            (reading,) = json.loads(command(variables, "document", "read", file, "--json").stdout)
            if reading["trouble"] != "timed_out":
                break
        return reading

    for page, (*_, form) in zip(specimens, SPECIMENS, strict=True):
        reading = read(page["file"])
        assert (reading["format"], reading["digits_valid"]) == (form, True), reading
        for name in ("number", "birth_date", "expiration_date"):
            assert reading[name] == page[name]
        assert reading["issuing_country"] == (None if page["issuing_country"] == "UTO" else page["issuing_country"])
        assert (reading["surname"], reading["given_names"]) == ("MUELLER", "ZOE")


# ---- how bodies are shown -------------------------------------------------------------------------------------------


def test_pictures_are_shortened_and_other_texts_are_not() -> None:
    assert shortened({"document": {"image_front": "x" * 1000, "type": "passport"}}) == {
        "document": {"image_front": "x" * 40 + "... (1,000 characters)", "type": "passport"}
    }


def test_what_fits_a_line_stays_on_it() -> None:
    assert compact({"a": {"b": [1, 2]}}, 40) == '{"a": {"b": [1, 2]}}'
    assert compact({"long": "x" * 20, "list": ["y" * 20]}, 40) == (
        '{\n  "long": "xxxxxxxxxxxxxxxxxxxx",\n  "list": ["yyyyyyyyyyyyyyyyyyyy"]\n}'
    )
    deep = {"id": "passport", "name": "Passport", "description": "x" * 80}
    assert compact(deep, 40, DEEPEST) == '{"id": "passport", "name": "Passport", ...}'


def test_a_gist_is_what_chooses_how_it_goes_on() -> None:
    answer = {"product": {"id": "1", "product": "cards", "status": "in_kyc"}, "rejected_items": []}
    assert gist(answer) == '{"product": {"status": "in_kyc", ...}, "rejected_items": []}'
    assert gist(["x"]) == '["x"]'


def test_ids_in_a_path_are_shortened() -> None:
    path = "/management/clients/individuals/4QWq1rQtjnLM0wMswTRY9AmM4XTvY4GG/products?limit=3"
    assert short_ids(path) == "/management/clients/individuals/4QWq…Y4GG/products?limit=3"
    assert short_ids("/a/4QWq1rQtjnLM0wMswTRY9AmM4XTvY4GG?expand=explain") == "/a/4QWq…Y4GG?expand=explain"
