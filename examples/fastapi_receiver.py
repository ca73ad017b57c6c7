"""A receiver of webhooks with FastAPI: verifies, keeps each event once, answers at once, and handles it afterwards.

    pip install fastapi uvicorn ostiary_client-*.whl          # the wheel: clients/python
    SECRETS=whsec_... uvicorn --app-dir examples fastapi_receiver:app --port 8090

SECRETS has the answer of GET /management/companies/webhook/signing-secret; two with a comma between while a secret is
replaced. Replace `handle`. An event is in the table before it is answered: a process that is killed handles it later.
"""

import json
import os
import sqlite3
import threading
import traceback
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool

from ostiary_client import Webhook, WebhookRefused

WEBHOOK = Webhook(*os.environ["SECRETS"].split(","))
DATABASE = os.environ.get("DATABASE", "events.sqlite3")
MOST_BYTES = 1_000_000
came = threading.Event()


def handle(event: dict) -> None:
    """What your program does with it; also with types that it does not know, which is nothing."""
    print(event["event_type"], event["operation_id"], json.dumps(event["data"]), flush=True)


def keep(event_id: str, body: bytes) -> None:
    """Once, however often it comes."""
    with closing(sqlite3.connect(DATABASE)) as database, database:
        database.execute("INSERT OR IGNORE INTO events (id, body) VALUES (?, ?)", (event_id, body))


def handle_what_waits() -> None:
    """In the order in which events came. What fails stays, and is tried again with the next."""
    while came.wait():
        came.clear()
        with closing(sqlite3.connect(DATABASE)) as database:
            waiting = database.execute("SELECT id, body FROM events WHERE NOT done ORDER BY rowid").fetchall()
            for event_id, body in waiting:
                try:
                    with database:  # your own tables in the same transaction: then what it did is done once, too
                        handle(json.loads(body))
                        database.execute("UPDATE events SET done = 1 WHERE id = ?", (event_id,))
                except Exception:
                    traceback.print_exc()
                    break


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    with closing(sqlite3.connect(DATABASE)) as database, database:
        database.execute("CREATE TABLE IF NOT EXISTS events (id TEXT PRIMARY KEY, body BLOB, done INTEGER DEFAULT 0)")
    came.set()
    threading.Thread(target=handle_what_waits, daemon=True).start()
    yield


app = FastAPI(lifespan=lifespan)


@app.post("/hooks")
async def receive(request: Request) -> Response:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MOST_BYTES:
            return Response(status_code=413)
    try:
        event = WEBHOOK.parse(request.headers, bytes(body))
    except WebhookRefused:
        return Response(status_code=401)
    await run_in_threadpool(keep, event.operation_id, bytes(body))
    came.set()
    return Response(status_code=204)
