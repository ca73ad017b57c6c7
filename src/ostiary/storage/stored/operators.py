"""What is sealed of operators, of their passkeys and of their sessions."""

from __future__ import annotations

from msgspec import Struct

from ostiary.domain.operators.operator import Link, LinkKind, Operator, Role, SavedView
from ostiary.domain.operators.passkeys import Passkey
from ostiary.domain.operators.sessions import Session, SignInSource
from ostiary.storage.stored.forms import Numbered, encode, opening, through


class LinkForm(Struct, gc=False):
    """Of a one-time link that holds."""

    kind: LinkKind
    secret_hash: str
    until_ms: int


class ViewForm(Struct, gc=False):
    """Of a view of the queue that an operator keeps."""

    id: str
    name: str
    query: str
    is_shared: bool = False


class OperatorForm(Numbered, gc=False):
    """The column `operators.content`."""

    name: str
    role: Role
    companies: tuple[str, ...] = ()
    password_hash: str = ""
    code_secret: str = ""
    last_step: int = 0
    link: LinkForm | None = None
    is_disabled: bool = False
    addresses: tuple[str, ...] = ()
    identity: str = ""
    language: str = ""
    views: tuple[ViewForm, ...] = ()


class PasskeyForm(Numbered, gc=False):
    """The column `operator_passkeys.content`."""

    name: str
    credential_id: bytes
    public_key: bytes
    sign_count: int = 0
    used_at_ms: int = 0


class SourceForm(Numbered, gc=False):
    """The column `operator_sessions.content`."""

    address: str
    agent: str = ""


def content_of(operator: Operator) -> bytes:
    link = operator.link
    return encode(
        OperatorForm(
            name=operator.name,
            role=operator.role,
            companies=operator.companies,
            password_hash=operator.password_hash,
            code_secret=operator.code_secret,
            last_step=operator.last_step,
            link=None if link is None else LinkForm(link.kind, link.secret_hash, link.until_ms),
            is_disabled=operator.is_disabled,
            addresses=operator.addresses,
            identity=operator.identity,
            language=operator.language,
            views=tuple(ViewForm(each.id, each.name, each.query, each.is_shared) for each in operator.views),
        )
    )


open_content = opening(OperatorForm)


def operator_from(operator_id: str, created_at_ms: int, updated_at_ms: int, content: bytes) -> Operator:
    """Raises StoredByNewer."""
    form = open_content(content)
    link = form.link
    return Operator(
        id=operator_id,
        name=form.name,
        role=form.role,
        companies=form.companies,
        created_at_ms=created_at_ms,
        updated_at_ms=updated_at_ms,
        password_hash=form.password_hash,
        code_secret=form.code_secret,
        last_step=form.last_step,
        link=None if link is None else Link(link.kind, link.secret_hash, link.until_ms),
        is_disabled=form.is_disabled,
        addresses=form.addresses,
        identity=form.identity,
        language=form.language,
        views=tuple(
            SavedView(id=each.id, name=each.name, query=each.query, is_shared=each.is_shared) for each in form.views
        ),
    )


def passkey_content_of(passkey: Passkey) -> bytes:
    return encode(
        PasskeyForm(
            name=passkey.name,
            credential_id=passkey.credential_id,
            public_key=passkey.public_key,
            sign_count=passkey.sign_count,
            used_at_ms=passkey.used_at_ms,
        )
    )


open_passkey = opening(PasskeyForm)


def passkey_from(mark: bytes, operator_id: str, created_at_ms: int, content: bytes, ended_at_ms: int | None) -> Passkey:
    """Raises StoredByNewer."""
    form = open_passkey(content)
    return Passkey(
        mark=mark,
        operator_id=operator_id,
        name=form.name,
        credential_id=form.credential_id,
        public_key=form.public_key,
        sign_count=form.sign_count,
        created_at_ms=created_at_ms,
        used_at_ms=form.used_at_ms,
        ended_at_ms=ended_at_ms,
    )


def source_of(session: Session) -> bytes:
    return encode(SourceForm(address=session.source.address, agent=session.source.agent))


def source_from(form: SourceForm) -> SignInSource:
    return SignInSource(address=form.address, agent=form.agent)


open_source = through(SourceForm, source_from)
