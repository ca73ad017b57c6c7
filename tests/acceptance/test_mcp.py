"""`ostiary mcp` as hosts meet it: a process on standard input and output, before a real service. The host is the
official SDK's client; what that never sends is sent by hand."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ostiary.api.operations import CLIENTS, TABLE
from ostiary.mcp.tools import LEFT_OUT
from tests.acceptance.conftest import COMMAND_S, OSTIARY, RunningService
from tests.commands import command
from tests.material import picture

Json = dict[str, Any]
Start = Callable[..., RunningService]
ROOT = Path(__file__).parents[2]
PEER = ROOT / ".venv-peers" / "bin" / "python"
HOST = ROOT / "tests" / "servers" / "mcp_host.py"
MARIA = {
    "first_name": "Maria", "last_name": "Barber", "email": "maria@example.com", "birth_date": "1984-11-21",
    "address": {"street_line1": "Florida 9860", "city": "Del Viso", "country": "ARG"},
    "phone_country_code": 54, "phone_number": 1168860622,
}  # fmt: skip
NOBODY = "4QWq1rQtjnLM0wMswTRY9AmM4XTvY4GG"
STATELESS = {
    "io.modelcontextprotocol/protocolVersion": "2026-07-28",
    "io.modelcontextprotocol/clientCapabilities": {},
}


@pytest.fixture(scope="module")
def service(module_services: Start) -> RunningService:
    return module_services(allowed_private_networks="127.0.0.0/8")


@pytest.fixture(scope="module")
def key(service: RunningService) -> str:
    return service.key()


def environment(service: RunningService, key: str) -> dict[str, str]:
    """As a host starts it: its own variables are not ours."""
    return {"PATH": os.environ["PATH"], "OSTIARY_URL": service.url, "OSTIARY_API_KEY": key}


def hosted(variables: dict[str, str], *words: str, mode: str = "auto", calls: list[tuple[str, Json]]) -> Json:
    """What the SDK's client hears."""
    if not PEER.exists():
        if os.environ.get("SKIP_NOTHING"):
            pytest.fail("there is no .venv-peers: `make .venv-peers/.ready` sets it up")
        pytest.skip("there is no .venv-peers: `make .venv-peers/.ready` sets it up")
    wanted = {"mode": mode, "command": [str(OSTIARY), "mcp", *words], "env": variables, "calls": calls}
    line = [str(PEER), "-P", str(HOST)]  # without the folder of the script, where a module is called `token`
    done = subprocess.run(
        line, input=json.dumps(wanted), capture_output=True, text=True, timeout=COMMAND_S, check=False
    )
    assert done.returncode == 0, done.stderr
    return dict(json.loads(done.stdout))


def spoken(
    variables: dict[str, str], *messages: Json | str, words: tuple[str, ...] = ()
) -> tuple[int, list[Json], str]:
    """What the process answers to lines by hand, after which its input ends."""
    lines = "".join(f"{each if isinstance(each, str) else json.dumps(each)}\n" for each in messages)
    line = [str(OSTIARY), "mcp", *words]
    done = subprocess.run(
        line, input=lines, env=variables, capture_output=True, text=True, timeout=COMMAND_S, check=False
    )
    return done.returncode, [json.loads(each) for each in done.stdout.splitlines()], done.stderr


def asked(number: int | str, method: str, *, meta: Json | None = None, **params: Any) -> Json:
    meta_of = {"_meta": meta} if meta is not None else {}
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": {**params, **meta_of}}


@pytest.mark.parametrize(("mode", "version"), [("auto", "2026-07-28"), ("legacy", "2025-11-25")])
def test_a_host_reads_and_is_offered_nothing_that_writes(
    service: RunningService, key: str, mode: str, version: str
) -> None:
    with service.client() as partner:
        made_id = partner.post(CLIENTS, json={**MARIA, "email": f"{mode}@example.com"}).json()["id"]
        calls: list[tuple[str, Json]] = [
            ("read_catalogue", {"country": "ARG"}),
            ("list_clients", {"email": f"{mode}@example.com", "expand": ["timestamps", "decimals"], "limit": 1}),
            ("read_client", {"clientId": NOBODY}),
            ("read_client", {"clientId": "../products"}),
            ("read_client", {"client_id": made_id, "expand": True}),
            ("list_clients", {"limit": 1_000}),
        ]
        heard = hosted(environment(service, key), mode=mode, calls=calls)
    assert (heard["version"], heard["server"]) == (version, "ostiary")
    reads = {operation.name: operation for operation in TABLE if operation.method == "GET"}
    assert {tool["name"] for tool in heard["tools"]} == reads.keys() - LEFT_OUT
    for tool in heard["tools"]:
        assert tool["annotations"]["readOnlyHint"]
        assert reads[tool["name"]].summary == tool["title"]
    catalogue, listed, unknown, strange, misnamed, too_many = heard["answers"]
    assert "cards_individuals" in catalogue["text"]
    assert json.loads(listed["text"])["items"][0]["id"] == made_id
    assert [answer["error"] for answer in heard["answers"]] == [False, False, True, True, True, True]
    assert json.loads(unknown["text"])["error"] == json.loads(strange["text"])["error"] == "NOT_FOUND"
    assert set(json.loads(misnamed["text"])["faults"]) == {"clientId", "client_id"}
    assert set(json.loads(too_many["text"])["faults"]) == {"limit"}


def test_with_write_a_client_is_onboarded_and_every_fault_has_its_field(service: RunningService, key: str) -> None:
    variables = environment(service, key)
    wrong = {**MARIA, "birth_date": "1984-13-21", "address": {**MARIA["address"], "country": "AR"}}  # type: ignore[dict-item]
    heard = hosted(variables, "--write", calls=[("create_client", {"body": wrong}), ("create_client", {"body": MARIA})])
    assert {tool["name"] for tool in heard["tools"]} == {operation.name for operation in TABLE} - LEFT_OUT
    refused, created = heard["answers"]
    assert refused["error"]
    assert set(json.loads(refused["text"])["faults"]) == {"birth_date", "address.country"}
    client_id = json.loads(created["text"])["id"]
    with service.client() as partner:
        requested = partner.post(f"{CLIENTS}/{client_id}/products", json={"subproduct": "cards_individuals"}).json()
        where = {"clientId": client_id, "productRequestId": requested["id"]}
        passport = {
            "document_type": "passport", "image_front": base64.b64encode(picture(7)).decode(),
            "metadata": {"number": "AB7654321"},
        }  # fmt: skip
        calls: list[tuple[str, Json]] = [
            ("complete_documentation", {**where, "body": {"document": passport}}),
            ("submit_product", {**where, "idempotency_key": "once"}),
            ("submit_product", {**where, "idempotency_key": "once"}),
            ("subscribe_webhook", {"body": {"url": service.url, "webhook_key": "nobody reads this"}}),
            ("read_webhook", {}),
            ("create_import", {"body": "first_name\nMaria"}),
        ]
        judged, submitted, again, *webhooks, imported = hosted(variables, "--write", calls=calls)["answers"]
        assert json.loads(judged["text"])["rejected_items"] == []
        assert json.loads(submitted["text"])["product"]["status"] == "in_kyc"
        assert again == submitted
        assert not any("nobody reads this" in answer["text"] for answer in webhooks)
        assert partner.get("/management/companies/webhook").json()["webhook_key"] == "nobody reads this"
    assert imported["error"]
    assert "email" in json.loads(imported["text"])["faults"]


def test_a_production_key_is_refused_unless_that_is_said(service: RunningService, tmp_path: Path) -> None:
    place = tmp_path / "production.key"
    place.write_text(service.key(1, "production") + "\n")
    variables = {"OSTIARY_API_KEY_FILE": str(place), "PATH": os.environ["PATH"], "OSTIARY_URL": service.url}
    list_tools = asked(1, "tools/list", meta=STATELESS)
    status, answers, said_words = spoken(variables, list_tools)
    assert (status, answers) == (1, [])
    assert "--production" in said_words
    status, answers, _ = spoken(variables, list_tools, words=("--production",))
    assert (status, len(answers)) == (0, 1)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"OSTIARY_API_KEY": "osk_nobody"}, "refuses the key"),
        ({"OSTIARY_API_KEY": ""}, "neither is set"),
        ({"OSTIARY_API_KEY_FILE": "/nowhere/key"}, "both are set"),
        ({"OSTIARY_API_KEY": "", "OSTIARY_API_KEY_FILE": "/nowhere/key"}, "cannot be read"),
        ({"OSTIARY_API_KEY": "two\nlines"}, "holds no API key"),
        ({"OSTIARY_URL": "http://127.0.0.1:1"}, "gives no answer"),
        ({"OSTIARY_URL": "ftp://127.0.0.1"}, "must be an address"),
        ({"OSTIARY_URL": "http://somebody:secret@127.0.0.1"}, "no user, query or fragment"),
    ],
)
def test_without_a_service_and_a_key_it_says_why(
    service: RunningService, key: str, changed: dict[str, str], words: str
) -> None:
    ended = command({**environment(service, key), **changed}, "mcp")
    assert (ended.returncode, ended.stdout) == (1, "")
    assert words in ended.stderr
    assert key not in ended.stderr


def test_every_line_has_its_answer_and_nothing_else_is_written(service: RunningService, key: str) -> None:
    meta = {**STATELESS, "io.modelcontextprotocol/protocolVersion": "1900-01-01"}
    half = {"io.modelcontextprotocol/protocolVersion": "2026-07-28"}
    status, answers, _ = spoken(
        environment(service, key),
        "not json", "[]", '{"jsonrpc":"2.0","id":null,"method":"ping"}', '{"jsonrpc":"2.0","id":"a","method":5}',
        {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 99}},
        {"jsonrpc": "2.0", "id": 5, "result": {}}, "", "[" * 100_000,
        asked(1, "tools/list"), asked(2, "tools/list", meta=meta), asked(3, "tools/list", meta=half),
        asked(4, "server/discover"), asked(5, "initialize", protocolVersion="2024-11-05", capabilities={}),
        asked(6, "tools/call", name="drop_everything"), asked(7, "resources/list"), asked(8, "ping"),
        asked(9, "tools/call", name="create_client", arguments={"body": MARIA}), asked(10, "tools/list", cursor="x"),
        asked(11, "tools/call", name="read_clock", arguments=[1]), asked(12, "initialize"),
    )  # fmt: skip
    assert status == 0
    codes = {(answer["id"], answer.get("error", {}).get("code")) for answer in answers}
    assert codes == {
        (None, -32700), (None, -32600), ("a", -32600), (1, -32600), (2, -32022), (3, -32602), (4, -32602), (5, None),
        (6, -32602), (7, -32601), (8, None), (9, -32602), (10, -32602), (11, -32602), (12, -32602),
    }  # fmt: skip
    by_id = {answer["id"]: answer for answer in answers if answer["id"] is not None}
    assert by_id[5]["result"]["protocolVersion"] == "2025-11-25"
    assert by_id[2]["error"]["data"]["requested"] == "1900-01-01"


def test_the_key_stands_in_no_list_of_processes(service: RunningService, key: str) -> None:
    proc = shutil.which("ps")
    assert proc is not None
    line = [str(OSTIARY), "mcp"]
    with subprocess.Popen(
        line, env=environment(service, key), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write((json.dumps(asked(1, "tools/list", meta=STATELESS)) + "\n").encode())
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == 1
        shown = subprocess.run(
            [proc, "-ww", "-o", "args=", "-p", str(process.pid)], capture_output=True, text=True, check=True
        )
        process.stdin.close()
        assert process.wait(COMMAND_S) == 0
    assert "mcp" in shown.stdout
    assert key not in shown.stdout
