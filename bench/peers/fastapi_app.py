"""The same endpoints the usual way: FastAPI, pydantic, SQLAlchemy's asyncio ORM on SQLite through aiosqlite.

Written as a good team writes it, after these projects' own documentation: typed models in and out, a session per
request, expire_on_commit off, WAL with a busy timeout, processor-heavy work in the thread pool, outbox and audit rows
in the transaction they belong to. It does less than Ostiary: no encryption, idempotency, rate limit or audit chain.

    PEER_DATA_DIR=folder PEER_API_KEY=key uvicorn fastapi_app:app --app-dir bench/peers
"""

import hashlib
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

from fastapi import Depends, FastAPI, Header, HTTPException
from fastapi.concurrency import run_in_threadpool
from models import ApiKey, AuditEntry, Base, Client, Document, Enablement, OutboxEvent, new_id
from pictures import Picture, PictureRefused, inspect, store
from schemas import (
    CLIENT_FIELDS,
    Address,
    ClientIn,
    ClientOut,
    DocumentationIn,
    ProductIn,
    ProductOut,
    Rejection,
    Requirements,
    ResultOut,
    missing_requirements,
)
from sqlalchemy import event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

FOLDER = Path(os.environ["PEER_DATA_DIR"])
DATABASE = os.environ.get("PEER_DATABASE_URL", f"sqlite+aiosqlite:///{FOLDER}/peer.db")
POOL = {} if DATABASE.startswith("sqlite") else {"pool_size": 16, "max_overflow": 16}
engine = create_async_engine(DATABASE, **POOL)
new_session = async_sessionmaker(engine, expire_on_commit=False)


@event.listens_for(engine.sync_engine, "connect")
def set_pragmas(connection, _record):
    if not DATABASE.startswith("sqlite"):
        return
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=30000", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def hash_key(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


@asynccontextmanager
async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
    (FOLDER / "pictures").mkdir(parents=True, exist_ok=True)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    async with new_session() as session:
        key_hash = hash_key(os.environ["PEER_API_KEY"])
        if await session.scalar(select(ApiKey).where(ApiKey.key_hash == key_hash)) is None:
            session.add(ApiKey(id=new_id(), company_id=new_id(), key_hash=key_hash, level=3, revoked=False))
            await session.commit()
    yield
    await engine.dispose()


app = FastAPI(title="Onboarding", lifespan=lifespan)


async def get_session() -> AsyncIterator[AsyncSession]:
    async with new_session() as session:
        yield session


Db = Annotated[AsyncSession, Depends(get_session)]


async def authenticate(session: Db, x_api_key: Annotated[str | None, Header()] = None) -> ApiKey:
    found = None
    if x_api_key:
        found = await session.scalar(select(ApiKey).where(ApiKey.key_hash == hash_key(x_api_key)))
    if found is None or found.revoked:
        raise HTTPException(401, "Unknown key.")
    return found


Key = Annotated[ApiKey, Depends(authenticate)]


def require_level(level: int):
    def check(key: Key) -> ApiKey:
        if key.level < level:
            raise HTTPException(401, "The key's level is too low.")
        return key

    return check


Writer = Annotated[ApiKey, Depends(require_level(3))]


async def load_client(client_id: str, key: Key, session: Db) -> Client:
    query = select(Client).where(Client.id == client_id, Client.company_id == key.company_id)
    client = await session.scalar(query)
    if client is None:
        raise HTTPException(404, "No such client.")
    return client


Known = Annotated[Client, Depends(load_client)]


async def load_enablement(product_request_id: str, client: Known, session: Db) -> Enablement:
    query = select(Enablement).where(Enablement.id == product_request_id, Enablement.client_id == client.id)
    enablement = await session.scalar(query)
    if enablement is None:
        raise HTTPException(404, "No such request.")
    return enablement


Requested = Annotated[Enablement, Depends(load_enablement)]


def audit(session: AsyncSession, key: ApiKey, action: str, subject: str) -> None:
    session.add(AuditEntry(id=new_id(), company_id=key.company_id, actor=key.id, action=action, subject_id=subject))


def client_out(client: Client) -> ClientOut:
    given = {name: getattr(client, name) for name in CLIENT_FIELDS}
    return ClientOut(id=client.id, status=client.status, **given, address=Address.model_validate(client.address))


async def missing(session: AsyncSession, client: Client) -> Requirements:
    query = select(Document.type).where(Document.client_id == client.id, Document.status == "accepted")
    return missing_requirements(set(await session.scalars(query)), client.phone_number is not None)


def product_out(one: Enablement, requirements: Requirements) -> ProductOut:
    asked = requirements if one.status in ("requested", "pending_documentation") else Requirements()
    return ProductOut.of(one, asked)


@app.get("/health/ready")
async def ready(session: Db) -> dict[str, str]:
    await session.execute(select(1))
    return {"status": "ready"}


@app.post("/management/clients/individuals", status_code=201, response_model_exclude_none=True)
async def create_client(body: ClientIn, key: Key, session: Db) -> ClientOut:
    client = Client(id=new_id(), company_id=key.company_id, status="pending", **body.columns())
    session.add(client)
    audit(session, key, "client.created", client.id)
    try:
        await session.commit()
    except IntegrityError:
        raise HTTPException(412, "The company already has a client with this e-mail.") from None
    return client_out(client)


@app.get("/management/clients/individuals/{client_id}", response_model_exclude_none=True)
async def read_client(client: Known) -> ClientOut:
    return client_out(client)


@app.post("/management/clients/individuals/{client_id}/products", status_code=201)
async def request_product(body: ProductIn, client: Known, key: Writer, session: Db) -> ProductOut:
    query = select(Enablement.id).where(
        Enablement.client_id == client.id, Enablement.product == body.subproduct, Enablement.status != "rejected"
    )
    if await session.scalar(query) is not None:
        raise HTTPException(412, "The product was requested already.")
    requirements = await missing(session, client)
    status = "pending_documentation" if requirements.any() else "requested"
    enablement = Enablement(id=new_id(), client_id=client.id, product=body.subproduct, status=status)
    session.add(enablement)
    audit(session, key, "product.requested", enablement.id)
    await session.commit()
    return product_out(enablement, requirements)


@app.get("/management/clients/individuals/{client_id}/products")
async def list_products(client: Known, session: Db) -> list[ProductOut]:
    query = select(Enablement).where(Enablement.client_id == client.id).order_by(Enablement.created_at.desc())
    enablements = (await session.scalars(query)).all()
    requirements = await missing(session, client)
    return [product_out(one, requirements) for one in enablements]


@app.post("/management/clients/individuals/{client_id}/products/{product_request_id}/documentation")
async def add_document(
    body: DocumentationIn, client: Known, enablement: Requested, key: Writer, session: Db
) -> ResultOut:
    if enablement.status not in ("requested", "pending_documentation"):
        raise HTTPException(412, "The request takes no documents now.")
    sent = body.document
    try:
        content, picture = await run_in_threadpool(inspect, sent.image_front)
    except PictureRefused as refused:
        items = [Rejection(key=sent.document_type, reason=str(refused))]
        return ResultOut(product=product_out(enablement, await missing(session, client)), rejected_items=items)
    path = FOLDER / "pictures" / f"{client.id}.{secrets.token_hex(8)}"
    await run_in_threadpool(store, path, content)
    document = keep(session, client, body, picture, path.name)
    audit(session, key, "document.accepted", document.id)
    try:
        await session.commit()
    except IntegrityError:
        await run_in_threadpool(path.unlink)
        raise HTTPException(412, "The document is used by another client.") from None
    return ResultOut(product=product_out(enablement, await missing(session, client)))


def keep(session: AsyncSession, client: Client, body: DocumentationIn, picture: Picture, file: str) -> Document:
    details = body.document.metadata
    document = Document(
        id=new_id(), company_id=client.company_id, client_id=client.id, type=body.document.document_type,
        status="accepted", number_key=f"{details.issuing_country}|{body.document.document_type}|{details.number}",
        details=details.model_dump(mode="json", exclude_none=True), file=file, sha256=picture.sha256,
        width=picture.width, height=picture.height, sharpness=picture.sharpness,
    )  # fmt: skip
    session.add(document)
    return document


@app.post("/management/clients/individuals/{client_id}/products/{product_request_id}/submit")
async def submit(client: Known, enablement: Requested, key: Writer, session: Db) -> ResultOut:
    if enablement.status in ("enabled", "rejected"):
        raise HTTPException(412, "The request is closed.")
    requirements = await missing(session, client)
    if enablement.status != "in_kyc" and not requirements.any():
        enablement.status = "in_kyc"
        payload = {"client_id": client.id, "product_request_id": enablement.id}
        session.add(OutboxEvent(id=new_id(), company_id=key.company_id, kind="kyc.requested", payload=payload))
        audit(session, key, "product.submitted", enablement.id)
        await session.commit()
    return ResultOut(product=product_out(enablement, requirements))
