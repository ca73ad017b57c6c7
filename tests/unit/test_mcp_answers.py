"""What `ostiary mcp` gives a model to read, and how a host's stream becomes lines."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from ostiary.adapters.http_client.session import Response
from ostiary.mcp.calls import HIDDEN, MOST_SHOWN_CHARACTERS, ToolAnswer, argument_faults, shown_answer, shown_error
from ostiary.mcp.messages import NO_REQUEST, NOT_JSON, OUR_FAULT, RpcRefused, read_message
from ostiary.mcp.serving import MOST_AT_ONCE, Conversation, lines_of
from ostiary.mcp.session import McpSession
from ostiary.mcp.tools import Tool

LIST = Tool(
    name="list_things",
    title="List",
    description="Lists.",
    method="GET",
    path="/things/{thingId}",
    is_paged=True,
    schema={"type": "object", "properties": {}, "required": ["thingId"]},
    places={"thingId": ("path", "thingId"), "limit": ("query", "limit"), "if_match": ("header", "If-Match")},
)
NEXT = '<http://x/things?limit=2&cursor=a%2Bb>; rel="next"'


def answered(value: Any, *, links: str = "", is_cut: bool = False) -> Any:
    shown = shown_answer(LIST, Response(200, json.dumps(value).encode(), is_cut, None, links))
    assert len(shown.text) <= MOST_SHOWN_CHARACTERS + 200
    return json.loads(shown.text)


def test_a_list_has_the_cursor_of_its_next_page() -> None:
    assert answered([{"id": 1}], links=NEXT) == {"items": [{"id": 1}], "next_cursor": "a+b"}
    assert answered([]) == {"items": []}


def test_a_list_that_is_too_long_is_cut_between_items_and_says_how_to_go_on() -> None:
    items = [{"id": number, "text": "x" * 1_000} for number in range(100)]
    shown = answered(items, links=NEXT)
    count = len(shown["items"])
    assert 0 < count < 100
    assert shown["items"] == items[:count]
    assert shown["left_off"] == 100 - count
    assert f"limit={count} " in shown["note"]
    assert "next_cursor" not in shown, "it would pass over what was left off"
    assert answered(items[:count], links=NEXT)["next_cursor"] == "a+b"
    assert answered(["x" * 50_000, 1])["left_off"] == 2


def test_other_answers_are_cut_where_they_are_too_long() -> None:
    for body in (b"x" * 50_000, json.dumps({"a": "x" * 50_000}).encode()):
        text = shown_answer(LIST, Response(200, body, False, None)).text
        assert "cut here" in text
        assert len(text) < MOST_SHOWN_CHARACTERS + 200
    too_large = shown_answer(LIST, Response(200, b"[", True, None))
    assert too_large.is_error
    assert "limit" in too_large.text


def test_what_proves_who_calls_is_not_given_however_deep_it_stands() -> None:
    assert answered({"a": [{"webhook_key": "k", "name": "n"}]}) == {"a": [{"webhook_key": HIDDEN, "name": "n"}]}


def test_nothing_answered_is_said() -> None:
    assert shown_answer(LIST, Response(204, b"", False, None)) == ToolAnswer("Done (204).")


def test_a_refusal_has_its_faults_by_field() -> None:
    faults = [{"field": "email", "code": "c", "message": "one"}, {"field": "email", "code": "c", "message": "two"}]
    body = {"code": "VALIDATION_FAILED", "message": "No.", "trace_id": "t", "details": faults}
    shown = shown_error(Response(412, json.dumps(body).encode(), False, 2.0))
    assert shown.is_error
    assert json.loads(shown.text) == {
        "error": "VALIDATION_FAILED",
        "message": "No.",
        "faults": {"email": ["one", "two"]},
        "status": 412,
        "retry_after_s": 2.0,
        "trace_id": "t",
    }


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"{}", b'{"code":"c","message":"m","details":[1]}', b"null"])
def test_what_is_no_answer_of_ostiary_is_an_error_all_the_same(body: bytes) -> None:
    assert json.loads(shown_error(Response(502, body, False, None)).text)["error"] == "UNEXPECTED_ANSWER"


@pytest.mark.parametrize(
    ("arguments", "fields"),
    [
        ({}, {"thingId"}),
        ({"thingId": "a/b"}, set()),
        ({"thingId": ".."}, {"thingId"}),
        ({"thingId": ""}, {"thingId"}),
        ({"thingId": 5}, {"thingId"}),
        ({"thingId": "a\r\nb"}, {"thingId"}),
        ({"thingId": "a", "limit": {"x": 1}}, {"limit"}),
        ({"thingId": "a", "limit": ["x", 1]}, set()),
        ({"thingId": "a", "if_match": "x\r\nx-api-key: y"}, {"if_match"}),
        ({"thingId": "a", "other": 1}, {"other"}),
    ],
)
def test_arguments_that_make_no_call_are_named(arguments: Mapping[str, Any], fields: set[str]) -> None:
    assert argument_faults(LIST, arguments).keys() == fields


async def pieces(*texts: bytes) -> AsyncIterator[bytes]:
    for text in texts:
        yield text


@pytest.mark.parametrize(
    ("texts", "lines"),
    [
        ((b"a\nb\n",), [b"a", b"b"]),
        ((b"a", b"b\n\n \nc"), [b"ab", b"c"]),
        ((b"1234567\n12345678\nx\n",), [b"1234567", None, b"x"]),
        ((b"12345", b"678", b"9\nx\n"), [None, b"x"]),
        ((b"12345", b"678", b"9"), []),
    ],
)
async def test_lines_are_read_from_pieces_and_too_long_ones_passed_over(
    texts: tuple[bytes, ...], lines: list[bytes | None]
) -> None:
    assert [line async for line in lines_of(pieces(*texts), 7)] == lines


@pytest.mark.parametrize(
    "line",
    [
        b"{}",
        b'{"jsonrpc":"2.0","method":"m","params":[]}',
        b'{"jsonrpc":"2.0","id":true,"method":"m"}',
        b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read_client","name":"erase_client"}}',
    ],
)
def test_what_is_no_request_is_refused(line: bytes) -> None:
    with pytest.raises(RpcRefused) as refused:
        read_message(line)
    assert refused.value.code == NO_REQUEST


@pytest.mark.parametrize("text", [b'"\\ud800"', b'"\\udc00\\ud800"', b'{"a":["\\uDFFF"]}'])
def test_half_of_a_surrogate_pair_is_no_text(text: bytes) -> None:
    with pytest.raises(RpcRefused) as refused:
        read_message(b'{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":%s}}' % text)
    assert refused.value.code == NOT_JSON
    whole = read_message(b'{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":"\\ud83d\\ude00"}}')
    assert whole is not None
    assert whole.params == {"a": "\N{GRINNING FACE}"}


def line_of(number: int, method: str, **params: Any) -> bytes:
    return json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}).encode() + b"\n"


async def test_calls_run_side_by_side_within_a_bound_and_what_is_cancelled_gets_no_answer() -> None:
    running, most, answers, go = 0, 0, list[dict[str, Any]](), asyncio.Event()

    async def call(tool: Tool, arguments: Mapping[str, Any]) -> ToolAnswer:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await go.wait()
        running -= 1
        if arguments["thingId"] == "7":
            raise ValueError("ours")
        return ToolAnswer(arguments["thingId"])

    async def stream() -> AsyncIterator[bytes]:
        yield line_of(0, "initialize", protocolVersion="2025-06-18")
        for number in range(1, MOST_AT_ONCE + 5):
            yield line_of(number, "tools/call", name="list_things", arguments={"thingId": str(number)})
        await asyncio.sleep(0)
        cancelled = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}
        yield json.dumps(cancelled).encode() + b"\n"
        go.set()

    session = McpSession({"list_things": LIST}, call)
    await Conversation(session, lambda line: answers.append(json.loads(line))).hold(stream())
    by_id = {answer["id"]: answer for answer in answers}
    assert by_id.keys() == {0, *range(2, MOST_AT_ONCE + 5)}
    assert most <= MOST_AT_ONCE
    assert by_id[0]["result"]["protocolVersion"] == "2025-06-18"
    assert by_id[7]["error"] == {"code": OUR_FAULT, "message": "could not be answered: ValueError"}
    assert by_id[2]["result"] == {"content": [{"type": "text", "text": "2"}], "isError": False}
