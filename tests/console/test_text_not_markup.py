"""Whatever partners, clients and operators write is text on every page: never markup, never script, never a formula."""

from __future__ import annotations

import pytest

from ostiary.console.application import OF_NOBODY
from ostiary.console.pages.house.audit import csv_of
from ostiary.domain.audit.trail import AuditEntry
from ostiary.domain.companies.company import Environment
from ostiary.domain.delivery.messages import Attempt
from ostiary.domain.value import replace
from ostiary.languages.language import Language
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.delivery.deliveries import send_test
from ostiary.usecases.delivery.webhook import subscribe_webhook
from ostiary.wire.deliveries import tried_answer
from tests.console.desk import Desk

MARKUP = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7 * 7 }}"
ENGLISH = Language("en")
RAW = ("<script>alert", "<img src=x", "49")


def is_text(page: str) -> bool:
    """Whether what was written is there, and nothing of it as markup."""
    return "&lt;script&gt;alert(1)" in page and not any(raw in page for raw in RAW[:2]) and "{{ 7 * 7 }}" in page


async def test_names_of_companies_are_text_everywhere(desk: Desk) -> None:
    company = await desk.company(f"Acme {MARKUP}", Environment.PRODUCTION)
    admin = await desk.signed_in("Ada of markup in companies")
    place = f"/console/companies/{company.id}"
    for path in ("/console/companies", place, f"{place}/deliveries", f"{place}/audit", "/console/operators"):
        assert is_text((await admin.get(path)).text), path
    page = await admin.post(f"{place}/keys", {"level": "1"})
    assert page.status_code == 200
    assert is_text(page.text)


def test_marks_that_hide_or_reorder_text_are_seen(desk: Desk) -> None:
    """Names have none, but lists, providers and endpoints write what they like."""
    words = {"heading": "Acme \u202eDTL\u202c", "message": "\u200bSons", "faults": (), "trace_id": "", "title": ""}
    text = desk.console.rendering.html("problem.html", {**OF_NOBODY, "sandbox": False, **words}, ENGLISH).decode()
    assert "Acme \\u202eDTL\\u202c" in text
    assert "\\u200bSons" in text
    assert not {"\u202e", "\u202c", "\u200b"} & set(text)


async def test_names_of_operators_are_text_everywhere(desk: Desk) -> None:
    name = f"Ada {MARKUP}"
    admin = await desk.signed_in(name)
    assert admin.operator is not None
    await admin.post("/console/sessions/end-others")
    await admin.post(f"/console/operators/{admin.operator.id}/rights", {"role": "admin", "reach": "all"})
    for path in ("/console/operators", f"/console/operators/{admin.operator.id}", "/console/about"):
        assert is_text((await admin.get(path)).text), path
    reset = await admin.post(f"/console/operators/{admin.operator.id}/reset")
    assert is_text(reset.text)


async def test_what_is_typed_and_wrong_is_shown_again_as_text(desk: Desk) -> None:
    admin = await desk.signed_in("Ada of markup in forms")
    page = await admin.post("/console/operators", {"name": MARKUP * 10, "role": MARKUP, "reach": "all"})
    assert page.status_code == 400
    assert is_text(page.text)
    refused = await desk.visitor().post("/console/sign-in", {"name": MARKUP, "next": f"/console/{MARKUP}"})
    assert refused.status_code in (401, 429)
    assert is_text(refused.text)
    company = await desk.company("Acme of forms")
    key = await admin.post(f"/console/companies/{company.id}/keys", {"level": "9", "allow": MARKUP, "until": MARKUP})
    assert key.status_code == 400
    assert "<script>alert" not in key.text


async def test_an_endpoints_address_and_key_are_text(desk: Desk) -> None:
    context, company = desk.parts.context, await desk.company("Acme of addresses")
    caller = await operator_for(context, company.id, "setup")
    url = f"https://example.com/{MARKUP}"
    await desk.commit(caller, await subscribe_webhook(context, caller, url, "key", lambda given, local: None))
    caller = await operator_for(context, company.id, "setup")
    delivery = await desk.commit(caller, await send_test(context, caller))
    admin = await desk.signed_in("Ada of markup in addresses")
    assert is_text((await admin.get(f"/console/companies/{company.id}")).text)
    assert (await admin.get(f"/console/companies/{company.id}/deliveries/{delivery.message.id}")).status_code == 200


async def test_what_an_endpoint_answered_is_text(desk: Desk) -> None:
    """Of a delivery that was tried: status, problem, and the first bytes of the answer."""
    context, company = desk.parts.context, await desk.company("Acme of answers")
    caller = await operator_for(context, company.id, "setup")
    url = "https://example.com/hook"
    await desk.commit(caller, await subscribe_webhook(context, caller, url, "key", lambda given, local: None))
    caller = await operator_for(context, company.id, "setup")
    delivery = await desk.commit(caller, await send_test(context, caller))
    attempt = Attempt(at_ms=context.now_ms(), ms=7, status=500, problem=MARKUP, answer=MARKUP.encode())
    tried = tried_answer(replace(delivery, tries=(attempt,)))
    values = {"company": company, "delivery": tried, "payload": MARKUP, "may_redeliver": False, "title": "Delivery"}
    text = desk.console.rendering.html("delivery.html", {**OF_NOBODY, "sandbox": False, **values}, ENGLISH).decode()
    assert is_text(text)
    assert text.count("&lt;script&gt;") == 3


def test_a_table_for_a_spreadsheet_computes_nothing() -> None:
    entry = AuditEntry(
        company_id="c",
        owner="o",
        position=1,
        at_ms=0,
        action="=1+1",
        actor="@SUM(A1)",
        subject="+1",
        codes=("-1", "x"),
        digest=b"",
        hash=b"\x01",
    )
    lines = csv_of([entry]).decode().splitlines()
    assert lines[0] == "position,at,action,actor,subject,codes,hash"
    assert lines[1] == "1,1970-01-01T00:00:00,'=1+1,'@SUM(A1),'+1,'-1 x,01"


@pytest.mark.parametrize(("written", "cell"), [
    ("operator:ana;=1+1", "operator:ana;'=1+1"), ("operator:ana; @x", "operator:ana;' @x"), ("\uff1d1+1", "'\uff1d1+1"),
    (" =1", "' =1"), ("operator:ana-maria", "operator:ana-maria"), ("operator:ana;maria", "operator:ana;maria"),
])  # fmt: skip
def test_no_other_way_to_begin_a_formula_is_left(written: str, cell: str) -> None:
    entry = AuditEntry(
        company_id="c",
        owner="o",
        position=1,
        at_ms=0,
        action="a",
        actor=written,
        subject="s",
        codes=(),
        digest=b"",
        hash=b"\x01",
    )
    assert csv_of([entry]).decode().splitlines()[1] == f"1,1970-01-01T00:00:00,a,{cell},s,,01"
