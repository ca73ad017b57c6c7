"""Tables of the peer, as SQLAlchemy's declarative models."""

import uuid
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


def new_id() -> str:
    return uuid.uuid4().hex


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


class Base(DeclarativeBase):
    pass


class ApiKey(Base):
    __tablename__ = "api_keys"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    company_id: Mapped[str] = mapped_column(String(32))
    key_hash: Mapped[str] = mapped_column(String(64), unique=True)
    level: Mapped[int]
    revoked: Mapped[bool]


class Client(Base):
    __tablename__ = "clients"
    __table_args__ = (UniqueConstraint("company_id", "email_lower"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    company_id: Mapped[str] = mapped_column(String(32))
    status: Mapped[str]
    first_name: Mapped[str]
    second_name: Mapped[str | None]
    last_name: Mapped[str]
    email: Mapped[str]
    email_lower: Mapped[str]
    birth_date: Mapped[date]
    address: Mapped[dict[str, Any]] = mapped_column(JSON)
    phone_country_code: Mapped[int | None]
    phone_number: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class Enablement(Base):
    __tablename__ = "enablements"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id"), index=True)
    product: Mapped[str]
    status: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class Document(Base):
    __tablename__ = "documents"
    __table_args__ = (UniqueConstraint("company_id", "number_key"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    company_id: Mapped[str] = mapped_column(String(32))
    client_id: Mapped[str] = mapped_column(ForeignKey("clients.id"), index=True)
    type: Mapped[str]
    status: Mapped[str]
    number_key: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    file: Mapped[str]
    sha256: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    sharpness: Mapped[float]
    created_at: Mapped[datetime] = mapped_column(default=now)


class OutboxEvent(Base):
    __tablename__ = "outbox"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    company_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(default=now)
    delivered_at: Mapped[datetime | None]


class AuditEntry(Base):
    __tablename__ = "audit"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    company_id: Mapped[str] = mapped_column(String(32), index=True)
    actor: Mapped[str]
    action: Mapped[str]
    subject_id: Mapped[str] = mapped_column(String(32), index=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
