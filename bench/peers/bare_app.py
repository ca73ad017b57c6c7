"""The same endpoints with nothing in between: an ASGI function, msgspec, plain SQL. What a service of one's own costs
that leaves out encryption, the audit chain, idempotency, rate limits, screening and the worker, written to be fast.

    PEER_DATA_DIR=folder PEER_API_KEY=key uvicorn bare_app:app --app-dir bench/peers
"""

import asyncio
import hmac
import os
import re
import secrets
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import msgspec
from bare_store import Postgres, Row, Sqlite, Store, Taken
from pictures import PictureRefused, inspect, store

FOLDER = Path(os.environ["PEER_DATA_DIR"])
DATABASE = os.environ.get("PEER_DATABASE_URL", "")
KEY, COMPANY = os.environ["PEER_API_KEY"].encode(), "company"
EMAIL = r"^[^@\s]{1,64}@[^@\s]{1,255}$"
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Country = Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")]
PATH = re.compile(r"/management/clients/individuals(?:/([0-9a-f]{32})(?:/products(?:/([0-9a-f]{32})/(\w+))?)?)?")


class Address(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    street_line1: Text
    city: Text
    country: Country
    street_line2: Text | None = None
    postal_code: Text | None = None
    state: Text | None = None


class ClientIn(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    first_name: Text
    last_name: Text
    email: Annotated[str, msgspec.Meta(pattern=EMAIL)]
    birth_date: Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d\d-\d\d$")]
    address: Address
    second_name: Text | None = None
    phone_country_code: int | None = None
    phone_number: int | None = None


class ProductIn(msgspec.Struct, forbid_unknown_fields=True):
    subproduct: Annotated[str, msgspec.Meta(pattern="^cards_individuals$")]


class DocumentIn(msgspec.Struct):
    document_type: Annotated[str, msgspec.Meta(pattern="^passport$")]
    image_front: str
    metadata: dict[str, str]


class DocumentationIn(msgspec.Struct):
    document: DocumentIn


class StoredResponse(Exception):
    """The answer is known already."""

    def __init__(self, status: int, message: str) -> None:
        self.status, self.body = status, encode({"message": message})
        super().__init__(message)


encode = msgspec.json.encode
read_client = msgspec.json.Decoder(ClientIn).decode
read_product = msgspec.json.Decoder(ProductIn).decode
read_document = msgspec.json.Decoder(DocumentationIn).decode
DETAILS = [
    {"id": "number", "name": "Document Number", "data_type": "STRING", "required": True},
    {"id": "issuing_country", "name": "Issuing Country", "data_type": "COUNTRY", "required": False},
    {"id": "expiration_date", "name": "Expiration Date", "data_type": "DATE", "required": False},
]
TYPES = (("passport", "Passport", False), ("national_id", "National identity card", True))
IDENTITY = {
    "id": "identity_document", "name": "Identity document", "description": "Proves who the client is", "required": True,
    "valid_documents": [
        {"id": key, "name": name, "description": "All four corners visible", "required": True, "require_image": True,
         "require_back_image": back, "metadata": DETAILS}
        for key, name, back in TYPES
    ],
}  # fmt: skip
PHONE = {
    "id": "personal_information", "name": "Personal information", "description": "Needed for KYC", "required": True,
    "fields": [{"key": "phone", "data_type": "PHONE", "required": True}],
}  # fmt: skip
opened: list[Store] = []
CLIENT = "SELECT id, body, has_phone FROM clients WHERE id = ? AND company = ?"
ENABLEMENTS = "SELECT id, client, product, status, created_at, updated_at FROM enablements WHERE client = ?"
DOCUMENTS = "SELECT type FROM documents WHERE client = ?"
AUDIT = "INSERT INTO audit VALUES (?, ?, ?, ?, ?)"


async def store_of_mine() -> Store:
    if not opened:
        (FOLDER / "pictures").mkdir(parents=True, exist_ok=True)
        opened.append(await Postgres.opened(DATABASE) if DATABASE else Sqlite(FOLDER / "bare.db"))
    return opened[0]


def new_id() -> str:
    return secrets.token_hex(16)


def now_ms() -> int:
    return time.time_ns() // 1_000_000


def shown(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).isoformat()


def audited(action: str, subject: str, at_ms: int) -> tuple[str, Row]:
    return AUDIT, (new_id(), COMPANY, action, subject, at_ms)


def missing(client: Row, documents: list[Row]) -> dict[str, list[Any]]:
    return {"documents": [] if documents else [IDENTITY], "data": [] if client[2] else [PHONE]}


def product(row: Row, client: Row, documents: list[Row]) -> dict[str, Any]:
    is_open = row[3] in ("requested", "pending_documentation")
    return {
        "id": row[0], "client_id": row[1], "product": row[2], "status": row[3],
        "missing_requirements": missing(client, documents) if is_open else {"documents": [], "data": []},
        "created_at": shown(row[4]), "updated_at": shown(row[5]),
    }  # fmt: skip


async def create(body: bytes) -> tuple[int, bytes]:
    client = read_client(body)
    client_id, at, kept = new_id(), now_ms(), encode(client)
    try:
        await (await store_of_mine()).write(
            ("INSERT INTO clients VALUES (?, ?, ?, ?, ?, ?)",
             (client_id, COMPANY, client.email.lower(), kept, int(client.phone_number is not None), at)),
            audited("client.created", client_id, at),
        )  # fmt: skip
    except Taken:
        raise StoredResponse(412, "The company already has a client with this e-mail.") from None
    return 201, encode({"id": client_id, "status": "pending", **msgspec.to_builtins(client)})


async def known(client_id: str) -> tuple[Row, list[Row], list[Row]]:
    found, enablements, documents = await (await store_of_mine()).read(
        (CLIENT, (client_id, COMPANY)), (ENABLEMENTS, (client_id,)), (DOCUMENTS, (client_id,))
    )
    if not found:
        raise StoredResponse(404, "No such client.")
    return found[0], enablements, documents


async def request(client_id: str, body: bytes) -> tuple[int, bytes]:
    wanted, (client, enablements, documents) = read_product(body), await known(client_id)
    if any(row[2] == wanted.subproduct and row[3] != "rejected" for row in enablements):
        raise StoredResponse(412, "The product was requested already.")
    lacks, at = missing(client, documents), now_ms()
    status = "pending_documentation" if lacks["documents"] or lacks["data"] else "requested"
    row = (new_id(), client_id, wanted.subproduct, status, at, at)
    await (await store_of_mine()).write(
        ("INSERT INTO enablements VALUES (?, ?, ?, ?, ?, ?)", row), audited("product.requested", row[0], at)
    )
    return 201, encode(product(row, client, documents))


async def listed(client_id: str) -> tuple[int, bytes]:
    client, enablements, documents = await known(client_id)
    return 200, encode([product(row, client, documents) for row in enablements])


async def one_of(client_id: str, request_id: str) -> tuple[Row, Row, list[Row]]:
    client, enablements, documents = await known(client_id)
    for row in enablements:
        if row[0] == request_id:
            return row, client, documents
    raise StoredResponse(404, "No such request.")


async def submit(client_id: str, request_id: str) -> tuple[int, bytes]:
    row, client, documents = await one_of(client_id, request_id)
    if row[3] in ("enabled", "rejected"):
        raise StoredResponse(412, "The request is closed.")
    lacks = missing(client, documents)
    if row[3] != "in_kyc" and not lacks["documents"] and not lacks["data"]:
        at = now_ms()
        await (await store_of_mine()).write(
            ("UPDATE enablements SET status = 'in_kyc', updated_at = ? WHERE id = ?", (at, request_id)),
            ("INSERT INTO outbox VALUES (?, ?, ?, ?)", (new_id(), COMPANY, encode({"request": request_id}), at)),
            audited("product.submitted", request_id, at),
        )
        row = (*row[:3], "in_kyc", row[4], at)
    return 200, encode({"product": product(row, client, documents), "rejected_items": []})


async def upload(client_id: str, request_id: str, body: bytes) -> tuple[int, bytes]:
    row, client, documents = await one_of(client_id, request_id)
    given = await asyncio.to_thread(read_document, body)
    path = FOLDER / "pictures" / f"{client_id}.{secrets.token_hex(8)}"
    try:
        picture = await asyncio.to_thread(kept_picture, path, given.document.image_front)
    except PictureRefused as refused:
        items = [{"type": "document", "key": "passport", "reason": str(refused)}]
        return 200, encode({"product": product(row, client, documents), "rejected_items": items})
    document, number, at = new_id(), given.document.metadata.get("number", ""), now_ms()
    values = (document, COMPANY, client_id, "passport", number, path.name, picture, at)
    try:
        await (await store_of_mine()).write(
            ("INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values),
            audited("document.accepted", document, at),
        )
    except Taken:
        await asyncio.to_thread(path.unlink)
        raise StoredResponse(412, "The document is used by another client.") from None
    return 200, encode({"product": product(row, client, [*documents, ("passport",)]), "rejected_items": []})


def kept_picture(path: Path, data_uri: str) -> str:
    content, picture = inspect(data_uri)
    store(path, content)
    return picture.sha256


async def whole_body(receive: Any) -> bytes:
    pieces, more = [], True
    while more:
        message = await receive()
        pieces.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(pieces)


async def answer(scope: dict[str, Any], receive: Any) -> tuple[int, bytes]:
    if scope["path"] == "/health/ready":
        await (await store_of_mine()).read(("SELECT 1", ()))
        return 200, b'{"status":"ready"}'
    given = dict(scope["headers"]).get(b"x-api-key", b"")
    if not hmac.compare_digest(given, KEY):
        raise StoredResponse(401, "Unknown key.")
    found = PATH.fullmatch(scope["path"])
    if found is None:
        raise StoredResponse(404, "No such path.")
    body = await whole_body(receive) if scope["method"] == "POST" else b""
    client_id, request_id, action = found.groups()
    match scope["method"], client_id, action:
        case "POST", None, None:
            return await create(body)
        case "POST", str(), "submit":
            return await submit(client_id, request_id)
        case "POST", str(), "documentation":
            return await upload(client_id, request_id, body)
        case "POST", str(), None:
            return await request(client_id, body)
        case "GET", str(), None:
            return await listed(client_id)
    raise StoredResponse(405, "Not here.")


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    try:
        status, body = await answer(scope, receive)
    except StoredResponse as known_already:
        status, body = known_already.status, known_already.body
    except msgspec.MsgspecError as problem:
        status, body = 400, encode({"message": str(problem)})
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
