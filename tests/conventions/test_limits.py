"""The limits that the documentation names are those in force: every row of the table, and the files that it names."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ostiary import app, settings_file
from ostiary.adapters import checkup
from ostiary.adapters.accounts import passwords
from ostiary.adapters.cel import compile, trials
from ostiary.adapters.config import risk_rules, yaml_nodes
from ostiary.adapters.crypto import keyring
from ostiary.adapters.files import pictures
from ostiary.adapters.http_client import addresses, capped_head, resolver
from ostiary.adapters.identity import oidc
from ostiary.adapters.isolation import process, processor_time
from ostiary.adapters.pages import answer, child, logos, open_page, viewers
from ostiary.adapters.pictures import decoding_budget, intake_answer, jpeg, measuring_pool, outline
from ostiary.adapters.providers import links
from ostiary.adapters.reader import process as reading
from ostiary.adapters.webhooks import sender
from ostiary.api import endpoint, provider_routes, queries
from ostiary.api.reading import multipart
from ostiary.background import imports, maintenance
from ostiary.background.worker import PARTING_S
from ostiary.console import application, request
from ostiary.console.forms import cookies
from ostiary.console.pages.cases import turns as turns_of_looks
from ostiary.domain import rejections
from ostiary.domain.audit import search
from ostiary.domain.catalogue import field_rules, terms
from ostiary.domain.clients import client, risk_override
from ostiary.domain.companies import company, rate_limit
from ostiary.domain.delivery import attempts, messages, retry, timing
from ostiary.domain.delivery.queues import PLACES, PLAYED, Lane
from ostiary.domain.documents import document
from ostiary.domain.documents.pictures import PictureLimits
from ostiary.domain.hosted import brand, framing
from ostiary.domain.hosted import links as hosted_links
from ostiary.domain.hosted import sessions as hosted_sessions
from ostiary.domain.imports import bulk
from ostiary.domain.onboarding import dossier
from ostiary.domain.operators import operator, passkeys, sessions, sign_in, views
from ostiary.domain.review import claims, provider_verdicts, remarks, waiting
from ostiary.domain.terms import acceptance
from ostiary.domain.times import DAY_MS
from ostiary.hosted import allowance, capture, cycle
from ostiary.hosted import application as hosted
from ostiary.hosted import request as hosted_request
from ostiary.html import fields
from ostiary.html import multipart as forms
from ostiary.runtime import listener, shutdown_timeouts
from ostiary.runtime.supervision import children, companion, shared_listener, supervisor_link
from ostiary.storage import counting
from ostiary.storage.audit import census
from ostiary.storage.hosted import links as link_rows
from ostiary.storage.sqlite import turns, writer
from ostiary.storage.tables import answers, outbox, unsized
from ostiary.usecases import lines, transaction
from ostiary.usecases.clients import find, residence
from ostiary.usecases.delivery import deliver
from ostiary.usecases.delivery import webhook as endpoints
from ostiary.usecases.hosted import drafts, read_now
from ostiary.usecases.hosted import sessions as arriving
from ostiary.usecases.imports import carry_out
from ostiary.usecases.review import figures
from ostiary.web import asgi, body, connections, head_limits, idempotency, json_body, rate_limiter, upload_budget

ROOT = Path(__file__).parents[2]
RUNNING = (ROOT / "docs" / "running.md").read_text()
TABLE = RUNNING.partition("## Limits\n")[2].partition("\n## ")[0]
ROWS = re.findall(r"^\| ((?!limit |---).+?) \| (.+?) \| (.*) \|$", TABLE, re.MULTILINE)
PICTURE = PictureLimits()
POLICY = children.RestartPolicy()
SAID_ELSEWHERE = {
    "connections, and what is waited for on one": "the table of Proxy and TLS, which WAITS holds",
    "processes of one supervisor": "the table of settings: OSTIARY_PROCESSES",
}


def _places(*lanes: Lane) -> str:
    total, each = (" + ".join(str(getattr(PLACES[lane], name)) for lane in lanes) for name in ("total", "each"))
    return f"{total}; of one queue {each.replace(' + ', ', ')}"


LIMITS = {
    "head of a request": f"{head_limits.MOST_HEAD_BYTES:,} bytes, {head_limits.MOST_FIELDS} fields, "
    f"{head_limits.HEAD_PATIENCE_S:.0f} s",
    "body of an upload": "`OSTIARY_MAX_BODY_MB`, 20 MB",
    "body of any other call": f"{endpoint.LARGEST_PLAIN_BODY_BYTES:,} bytes",
    "metadata of a document": f"{multipart.MOST_METADATA_BYTES:,} bytes",
    "bodies in memory at once": "`OSTIARY_UPLOAD_BUDGET_MB`, 48 MB",
    "bodies that wait": f"{upload_budget.MOST_WAITING}, {upload_budget.MOST_WAITING_OF_ONE} of one company, "
    f"{upload_budget.LONGEST_WAIT_S:.0f} s",
    "a declared body that has not come": f"reserved for {upload_budget.LAPSE_S:.0f} s",
    "verdicts in memory at once": f"{provider_routes.VERDICT_BUDGET_BYTES >> 20} MB",
    "bodies not counted": f"{body.SMALL_BYTES:,} bytes",
    "patience for one piece of a body": f"{body.PATIENCE_S:.0f} s",
    "slowest body": f"{body.SLOWEST_BYTES_PER_S:,} bytes/s after the first {body.PATIENCE_S:.0f} s",
    "taken in after a refusal": f"{asgi.LINGER_BYTES >> 20} MB, {asgi.LINGER_S:.0f} s",
    "pictures of one company measured at once": "as many as the process may use cores (affinity, control group), "
    f"{pictures.MOST_AT_ONCE_PER_COMPANY} at most, of twice as many threads and processes",
    "pictures kept of one company": "`OSTIARY_COMPANY_QUOTA_GB`, 100 GB",
    "documents whose size is looked up together": f"{unsized.SIZED_TOGETHER}",
    "product requests of one client": f"{dossier.MOST_REQUESTS}",
    "a text of terms": f"{terms.MOST_TEXT_BYTES:,} bytes, in {terms.MOST_LANGUAGES} languages; "
    f"{terms.MOST_TERMS} terms of a catalogue",
    "accepted terms of one client": f"{acceptance.MOST_ACCEPTANCES}",
    "query": f"{queries.MOST_QUERY_CHARACTERS:,} characters",
    "a password": f"{operator.PASSWORD_LEAST} to {operator.PASSWORD_MOST} characters",
    "a one-time link": f"{operator.LINK_MS // 3_600_000} h",
    "a session of the console": f"{sessions.IDLE_MS // 60_000} min without use, "
    f"{sessions.WHOLE_MS // 3_600_000} h in all",
    "attempts to sign in that cost nothing": f"{sign_in.ACCOUNT_FREE} at an account, "
    f"{sign_in.ADDRESS_FREE} from an address",
    "attempts to sign in at one account from elsewhere": f"{sign_in.ACCOUNT_HOURLY} an hour",
    "passkeys of an operator": f"{passkeys.MOST_PASSKEYS}, with names of {passkeys.PASSKEY_NAME_CHARACTERS} characters",
    "a challenge for a passkey": f"{passkeys.CHALLENGE_MS // 60_000} min, once; "
    f"{passkeys.ANSWER_CHARACTERS:,} characters answer it",
    "how long after signing in passkeys are changed": f"{sessions.FRESH_MS // 60_000} min",
    "what an identity provider answers": f"{oidc.MOST_ANSWER_BYTES:,} bytes",
    "the way to an identity provider and back": f"{cookies.WAY_S} s",
    "entries that figures are counted of": f"{figures.MOST_EVENTS:,}",
    "failures to sign in on the audit trail": f"{sign_in.NOTED_AN_HOUR} an hour",
    "passwords compared at once": f"{passwords.AT_ONCE}, of {passwords.MEMORY_KIB // 1024} MiB each; "
    f"{passwords.MOST_WAITING} wait, {passwords.MOST_OF_ADDRESS} of an address, "
    f"{passwords.STRANGERS_WAITING} where they are not known",
    "form of the console": f"{request.MOST_FORM_BYTES:,} bytes, {fields.MOST_FIELDS} fields",
    "requests to the console from one address": f"{application.PEOPLE_OF_AN_ADDRESS} times "
    "`OSTIARY_RATE_LIMIT_PER_SECOND`, in each process",
    "form of the onboarding page": f"{hosted_request.MOST_PLAIN_BYTES:,} bytes; with a picture, `OSTIARY_MAX_BODY_MB`",
    "pictures and changes sent to the onboarding page": f"{allowance.PICTURES_AN_HOUR} and "
    f"{allowance.CHANGES_AN_HOUR} an hour of one link, of "
    f"{allowance.MOST_LINKS:,} links at once, in each process",
    "a button pressed twice": f"{arriving.PRESSED_TWICE_MS // 1000} s",
    "requests to the onboarding page": f"{hosted.PEOPLE_OF_AN_ADDRESS} times `OSTIARY_RATE_LIMIT_PER_SECOND` of one "
    f"address, {hosted.REQUESTS_OF_A_LINK} a second of one link, in each process",
    "memory for uploads to the onboarding page": f"1/{hosted.BUDGET_SHARE} of `OSTIARY_UPLOAD_BUDGET_MB`, "
    "or one upload",
    "a document half sent": f"{cycle.DRAFT_S // 60} min, {drafts.MOST_DRAFT_CHARACTERS:,} characters",
    "a picture made smaller in the browser": f"{capture.SENT_LONGEST_PX:,} pixels on its longer side",
    "reading a document at once": f"{read_now.READ_NOW_S} s, and once more when the form opens",
    "query of the console": f"{fields.MOST_QUERY_BYTES:,} bytes",
    "cases on a page of the queue": f"{waiting.PAGE_CASES}; counted to {waiting.MOST_COUNTED:,}",
    "saved views of the queue": f"{views.MOST_VIEWS} of one operator, {views.MOST_SHOWN} above a queue; names "
    f"{views.VIEW_NAME_CHARACTERS}, filters {views.MOST_QUERY_CHARACTERS} characters",
    "looking for what is wrong from the console": f"{checkup.LONGEST_S:.0f} s, one at a time in a process",
    "clients that a search from the console opens": f"{residence.MOST_OPENED:,}, one look at a time in a process, "
    f"waited for {turns_of_looks.MOST_WAIT_S:.0f} s",
    "entries of audit trails searched together": f"{search.PAGE_ENTRIES} on a page, {search.MOST_EXPORTED:,} in a file",
    "claim of a case": f"{claims.LEASE_MS // 60_000} min, {claims.HANDED_OVER_MS // 3_600_000} h when it is "
    "handed over",
    "a link to the page for clients": f"{hosted_links.MINUTES[0]} to {hosted_links.MINUTES[-1]:,} min, usually "
    f"{hosted_links.USUAL_MINUTES}; addresses {hosted_links.ADDRESS_CHARACTERS:,} characters, `state` "
    f"{hosted_links.STATE_CHARACTERS:,}",
    "links of one client": f"{hosted_links.MOST_LIVE} that hold, {hosted_links.MOST_KEPT} kept; "
    f"{hosted_links.KEPT_MS // DAY_MS} days after their end",
    "links for phones": f"{hosted_sessions.MOST_CHILDREN} of one link, {hosted_links.CHILD_MINUTES} min; "
    f"forgotten {'an hour' if hosted_links.CHILD_KEPT_MS == 3_600_000 else '?'} after",
    "a brand": f"name {brand.BRAND_NAME_CHARACTERS}, support {brand.SUPPORT_CHARACTERS}, privacy "
    f"{brand.PRIVACY_CHARACTERS:,} characters; contrast {brand.LEAST_CONTRAST}",
    "origins that may show the page for clients": f"{framing.MOST_ORIGINS} of a company",
    "a logo": f"{brand.LOGO_BYTES // 1000} kB, {brand.LOGO_WIDTH_PX} x {brand.LOGO_HEIGHT_PX} px kept",
    "decoding a logo": f"{logos.MOST_PIXELS // 1_000_000} million pixels, {logos.WAIT_S:.0f} s",
    "a session of a client": f"{hosted_sessions.CLIENT_IDLE_MS // 60_000} min without use, "
    f"{hosted_sessions.CLIENT_WHOLE_MS // 3_600_000} h in all",
    "links ended together": f"{link_rows.DUE_TOGETHER}, {maintenance.LINK_ROUNDS} times a minute",
    "a file of clients to import": f"{bulk.MOST_FILE_BYTES >> 20} MB, {bulk.MOST_ROWS:,} rows, "
    f"{bulk.MOST_COLUMNS} columns, {bulk.MOST_CELL_CHARACTERS:,} characters a cell, "
    f"{bulk.MOST_ROW_CHARACTERS:,} a row; {bulk.MOST_OPEN} of a company at once, kept {bulk.KEPT_MS // DAY_MS} days",
    "rows of an import at once": f"{carry_out.CARRIED_OUT_TOGETHER}, of {imports.MOST_AT_ONCE} imports",
    "idempotency key": f"{idempotency.MOST_CHARACTERS} characters; answers kept {answers.KEPT_MS // 3_600_000} h, "
    f"lease {answers.LEASE_MS // 1000} s",
    "multipart": f"{forms.MOST_PARTS} parts, {forms.MOST_PART_HEADERS} headers each, "
    f"{forms.MOST_PART_HEADER_BYTES:,} bytes a header",
    "faults named in one answer": f"{json_body.MOST_FAULTS}",
    "clients, or requests, in one page": f"{queries.LARGEST_PAGE}, usually {queries.USUAL_PAGE}",
    "standings of the rate limit": f"{rate_limiter.MOST_STANDINGS:,}",
    "longest block by the rate limit": f"{rate_limit.LONGEST_PENALTY_S} s",
    "tries after a lost guard": f"{transaction.MOST_TRIES}",
    "waiting for a turn at a client that many change": f"{lines.PATIENCE_S:.0f} s",
    "networks on a key's allowlist": f"{company.MOST_ALLOWED_NETWORKS}",
    "names": f"{client.NAME_CHARACTERS} characters; lines {client.LINE_CHARACTERS}; city {client.CITY_CHARACTERS}; "
    f"postal code {client.POSTAL_CODE_CHARACTERS}",
    "a text of a client or document": f"{field_rules.MOST_CHARACTERS} characters",
    "a number": f"{field_rules.MOST_DECIMAL_DIGITS} digits",
    "age": f"{client.OLDEST_YEARS} years",
    "details of a document": f"{document.MOST_DETAILS}",
    "a picture": f"{PICTURE.max_bytes:,} bytes, {PICTURE.max_pixels:,} pixels, "
    f"at least {PICTURE.min_long_side_px} x {PICTURE.min_short_side_px}",
    "a PDF or HEIC at intake": f"{child.CPU_S} s of processor time, {open_page.WAIT_S:.0f} s on the clock",
    "memory to decode one picture": f"{outline.MOST_DECODED_BYTES:,} bytes",
    "memory of the process that opens a PDF or HEIC": f"{answer.PAGE_PROCESS_BYTES:,} bytes",
    "threads of a process that opens pictures or reads": f"{processor_time.MOST_THREADS}, looked at every "
    f"{process.LOOK_EVERY_S} s ({reading.LOOK_EVERY_S} s in the reader); 1 where it measures JPEG, PNG, WEBP and BMP",
    "memory of a process that measures pictures": f"{intake_answer.MEASURING_PROCESS_BYTES:,} bytes",
    "measuring a JPEG, PNG, WEBP or BMP": f"{intake_answer.MEASURE_CPU_S} s of processor time",
    "a process that measures pictures": f"{measuring_pool.MOST_PICTURES} pictures, {measuring_pool.LIFE_S:.0f} s; "
    f"{measuring_pool.IDLE_S:.0f} s without one",
    "pictures drawn for operators at once": f"{viewers.MOST_AT_ONCE}, and {viewers.MOST_SPARE} processes that wait "
    f"{viewers.SPARE_S:.0f} s for one",
    "memory to decode pictures together": f"{decoding_budget.TOGETHER_BYTES:,} bytes a process, "
    "half of it one company's",
    "parts of one picture file": f"{outline.MOST_PARTS:,}",
    "a progressive JPEG": f"{jpeg.MOST_BLOCK_VISITS:,} block visits",
    "deliveries at once": _places(Lane.PROVEN, Lane.UNTRIED, Lane.FAILING),
    "submissions before providers at once": _places(Lane.BUILTIN, Lane.PROVIDER, Lane.PROVIDER_FAILING),
    "submissions of sandboxes at once": f"{PLAYED.total}; of one queue {PLAYED.each}",
    "test events that wait": f"{messages.MOST_PENDING_TESTS} of one company",
    "messages woken together": f"{outbox.WOKEN_TOGETHER}",
    "counts in `/metrics` of what waits": f"every {counting.COUNTED_EVERY_S:.0f} s",
    "a delivery": f"{timing.ENDPOINT_TIMEOUT_S} s; {sender.ANSWER_BYTES:,} bytes of the answer are read and kept",
    "names being looked up": f"{resolver.LOOKUPS_OF_ONE} of a company, {resolver.LOOKUPS_AT_ONCE} in all, "
    f"{resolver.LONGEST_LOOKUP_S:.0f} s",
    "before an endpoint's answer": f"{capped_head.MOST_HEAD_BYTES:,} bytes, "
    f"{capped_head.MOST_INTERIM} interim answers, {capped_head.MOST_PIECES:,} pieces",
    "around an answer's body": f"{capped_head.MOST_FRAMING_BYTES:,} bytes beyond {capped_head.FRAMING_BYTES} for each "
    "of its own",
    "an endpoint that fails": f"{attempts.DISABLED_AFTER_MS // DAY_MS} days, then it is disabled",
    "a message for a disabled endpoint": f"{attempts.MOST_HELD_MS // DAY_MS} days",
    "Retry-After of an endpoint": f"{attempts.LONGEST_RETRY_AFTER_S / 3600:.0f} h",
    "lease of a message": f"{timing.LEASE_MS // 1000} s",
    "lease of a submission before a provider": f"{outbox.PROVIDER_LEASES * timing.LEASE_MS // 60_000} min",
    "a link to a picture": f"{links.LINK_MS // 3_600_000} h",
    "a verdict": f"{provider_routes.MOST_VERDICT_BYTES:,} bytes, {provider_verdicts.MOST_REASONS} reasons",
    "a reason in a provider's or partner's own words": f"{rejections.MOST_REASON_CHARACTERS} characters",
    "an operator's note": f"{remarks.NOTE_CHARACTERS:,} characters",
    "why a client's class of risk is set": f"{risk_override.REASON_CHARACTERS:,} characters",
    "how long an operator's word on it holds": f"{risk_override.MOST_YEARS} year",
    "rules of risk": f"{risk_rules.MOST_RULES}",
    "clients that `ostiary find` shows": f"{find.MOST_FOUND}",
    "tries of a list that is away": f"{deliver.MOST_UNREAD}, {deliver.UNREAD_RETRY_S} s apart",
    "census of audit chains": f"every {app.COUNT_EVERY_S:.0f} s, {census.COUNTED_TOGETHER} chains at once, "
    f"all gone through every {maintenance.SWEEP_EVERY_MS // 1000:,} s",
    "a look at the database server's clock": f"every {app.LOOK_EVERY_S:.0f} s, on PostgreSQL",
    "plain audit entries after an upgrade": f"{census.BESIDE_MS // 3_600_000} h, on PostgreSQL",
    "deliveries kept after they ended": f"{maintenance.MESSAGES_KEPT_MS // DAY_MS} days",
    "tries of a delivery": f"{1 + len(retry.SCHEDULE_S)}",
    "webhook address": f"{addresses.LONGEST_URL:,} characters",
    "webhook key": f"{endpoints.KEY_CHARACTERS} characters",
    "units in one commit": f"{writer.MOST_TOGETHER}",
    "wait for another process's commit": f"{writer.BUSY_MS // 1000} s",
    "looks at a database that another process writes": f"every {turns.FIRST_NAP_S * 1000:g} ms, "
    f"then every {turns.LONGEST_NAP_S * 1000:g} ms",
    "unwrapped keys in memory": f"{keyring.BOXES_KEPT:,}",
    "catalogue file": f"{yaml_nodes.MOST_BYTES >> 10} KiB, {yaml_nodes.MOST_NODES:,} nodes, {yaml_nodes.DEEPEST} deep",
    "a condition": f"{compile.MOST_CHARACTERS:,} characters",
    "trying one out": f"{trials.COMBINATIONS} combinations of values, {trials.MOST_S:.0f} s",
    "file of settings": f"{settings_file.MOST_BYTES:,} bytes",
    "requests that have begun, at the end": f"{shutdown_timeouts.PARTING_S} s",
    "deliveries under way, at the end": f"{PARTING_S:.0f} s",
    "a kept connection of a process that is replaced": f"{shutdown_timeouts.LEAVING_S:.0f} s",
    "start of a process that is to replace another": f"{children.START_S:.0f} s",
    "deaths in a row of a process": f"{POLICY.most}, each within {POLICY.steady_s:.0f} s",
    "a worker that says nothing": f"{companion.SILENT_S:.0f} s",
    "a connection left to a process that holds fewer": f"{shared_listener.LET_OTHERS_S * 1000:.0f} ms",
    "connections waiting to be taken": f"{listener.BACKLOG:,}",
}
WAITS = {
    "the next request on an idle connection": f"{connections.IDLE_S} s",
    "the head of a request, from its first byte or from the connection": f"{head_limits.HEAD_PATIENCE_S:.0f} s",
    "a piece of a body; the whole of it": f"{body.PATIENCE_S:.0f} s; {body.LONGEST_S // 60} min, "
    f"and at least {body.SLOWEST_BYTES_PER_S >> 10} kB/s",
    "the rest of a body whose request is answered": f"{head_limits.REST_PATIENCE_S:.0f} s "
    f"and {head_limits.MOST_UNREAD_BYTES >> 20} MB",
    "a byte of an answer to be taken": f"{head_limits.UNREAD_PATIENCE_S:.0f} s",
}


@pytest.mark.parametrize(("limit", "value"), (LIMITS | WAITS).items())
def test_a_documented_limit_is_the_one_in_force(limit: str, value: str) -> None:
    assert f"\n| {limit} | {value} |" in RUNNING


def test_no_limit_is_documented_that_nothing_holds_to_the_code() -> None:
    assert [limit for limit, _, _ in ROWS if limit not in SAID_ELSEWHERE] == list(LIMITS)
    assert set(SAID_ELSEWHERE) <= {limit for limit, _, _ in ROWS}


@pytest.mark.parametrize(("limit", "why"), [(limit, why) for limit, _, why in ROWS if ".py`" in why])
def test_a_limit_is_documented_with_files_that_there_are(limit: str, why: str) -> None:
    named = re.findall(r"`([\w/]+\.py)`", why)
    assert not [name for name in named if not (ROOT / "src" / "ostiary" / name).exists()], limit


def test_the_documented_bounds_of_connections_are_those_in_force() -> None:
    text = " ".join(RUNNING.split())
    most, each = connections.MOST_CONNECTIONS, connections.MOST_PER_ADDRESS
    assert f"One process takes {most:,} connections, of which {each:,} from one source address" in text
    head, ahead = head_limits.MOST_HEAD_BYTES >> 10, head_limits.MOST_AHEAD_BYTES >> 10
    fields, requests = head_limits.MOST_FIELDS, head_limits.MOST_AHEAD
    assert f"at most {head} kB and {fields} fields (431), and {requests} requests or {ahead} kB" in text


def test_the_documented_time_to_end_is_the_one_in_force() -> None:
    text, whole = " ".join(RUNNING.split()), shutdown_timeouts.PARTING_S + shutdown_timeouts.SLACK_S
    assert (
        f"for at most {shutdown_timeouts.PARTING_S} s, deliveries under way may finish for at most {PARTING_S:.0f} s "
        in text
    )
    assert f"Allow `OSTIARY_DRAIN_SECONDS` + {whole} s before you kill" in text
    assert f"and end within {supervisor_link.LEFT_AFTER_S} s" in text
