"""One address of the API: gate, authentication, reading, deciding, answering, in that order for every operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec
from starlette.types import Receive, Scope, Send

from ostiary.domain.companies import Caller, IpNetwork, counted_as, source_address
from ostiary.domain.errors import (
    Fault,
    InvalidRequest,
    OstiaryError,
    UnsupportedMediaType,
)
from ostiary.domain.ids import is_id
from ostiary.domain.units import Answered, Unit
from ostiary.http import idempotency
from ostiary.http.bodies import NoBody
from ostiary.http.both_faults import with_rules
from ostiary.http.bytes_in import Body, ByteBudget
from ostiary.http.calls import Call, Service, expansions, in_pool
from ostiary.http.errors import body_of, status_of
from ostiary.http.exchange import Exchange, Reply, method_refused
from ostiary.http.limiting import RateLimiter, steady_ms
from ostiary.http.operations import CREATE_BODY, REPLACE_BODY, Operation
from ostiary.http.parts import upload_of_json, upload_of_multipart
from ostiary.http.reading import MOST_FAULTS, read_json
from ostiary.usecases.companies import authenticate, demand_level
from ostiary.usecases.deciding import settle

MOST_QUERY_CHARACTERS = 4_000
LARGEST_PLAIN_BODY_BYTES = 262_144
"""Bodies without pictures, decoded on the event loop: a client with every text at its longest is some 20 kB."""


_JSON = b"application/json"
_MULTIPART = b"multipart/form-data"


@dataclass(frozen=True, slots=True)
class Gate:
    """What every call passes."""

    service: Service
    answers: idempotency.Answers
    limiter: RateLimiter
    budget: ByteBudget
    trusted_proxies: tuple[IpNetwork, ...]

    def source(self, scope: Scope, headers: Mapping[bytes, bytes]) -> str:
        """The address that counts, for limits and allowlists; counted before anything else is looked at."""
        peer = scope["client"][0] if scope.get("client") else ""
        forwarded = headers.get(b"x-forwarded-for", b"").decode("latin-1")
        address = source_address(peer, forwarded, self.trusted_proxies) if self.trusted_proxies else peer
        self.limiter.count(f"address {counted_as(address)}", steady_ms())
        return address

    async def caller(self, headers: Mapping[bytes, bytes], address: str) -> Caller:
        """Raises Unauthorized, TooManyRequests."""
        presented = headers.get(b"x-api-key", b"").decode("latin-1")
        caller = await authenticate(self.service.world, presented, address)
        self.limiter.count(f"company {caller.company.id}", steady_ms())
        return caller


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The operations of one path, by method."""

    gate: Gate
    operations: Mapping[str, Operation] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await Exchange(scope, receive, send).answer(self._serve)

    async def _serve(self, exchange: Exchange) -> Reply:
        address = self.gate.source(exchange.scope, exchange.headers)
        operation = self.operations.get(exchange.scope["method"])
        if operation is None:
            return method_refused(exchange, self.operations)
        exchange.operation = operation.name
        caller = await self.gate.caller(exchange.headers, address)
        exchange.company_id = caller.company.id
        demand_level(caller, operation.level)
        return await _Run(self.gate, operation, caller, exchange).run()


@dataclass(slots=True)
class _Run:
    """One authorised call on its way."""

    gate: Gate
    operation: Operation
    caller: Caller
    exchange: Exchange

    async def run(self) -> Reply:
        query = self._query()
        key = self.exchange.headers.get(b"idempotency-key") if self.operation.method == "POST" else None
        if key is not None:
            idempotency.check_key(key.decode("latin-1"))
        if self.operation.takes is None:
            return await self._decide(query, None, None)
        most = self.gate.service.max_body_bytes if self.operation.multipart else LARGEST_PLAIN_BODY_BYTES
        source = Body(self.exchange.receive, self.exchange.headers, self.gate.budget, most)
        self.exchange.body = source
        try:
            return await self._with_body(query, key, await source.read())
        finally:
            source.release()

    async def _with_body(self, query: Mapping[str, str], key: bytes | None, raw: bytes | bytearray) -> Reply:
        body, problem = None, None
        try:
            body = await self._parsed(raw)
        except InvalidRequest as refused:
            problem = refused
        if key is None:
            if problem is not None:
                raise problem
            del raw
            return await self._decide(query, body, None)
        world, scope = self.gate.service.world, self.exchange.scope
        content = await self._content(body, raw)
        named = (self.operation.method, scope["path"], key.decode("latin-1"))
        lease = await idempotency.begin(world, self.gate.answers, self.caller, named, content)
        if isinstance(lease, idempotency.Replay):
            return Reply(lease.status, lease.body, [(b"idempotency-replayed", b"true")])
        return await self._once(query, body, problem, lease)

    async def _content(self, body: object, raw: bytes | bytearray) -> bytes:
        """Hashing pictures takes milliseconds, small bodies must not wait behind them."""
        if len(raw) > LARGEST_PLAIN_BODY_BYTES:
            return bytes(await in_pool(self.gate.service, idempotency.content_of, body, raw))
        return idempotency.content_of(body, raw)

    async def _once(
        self, query: Mapping[str, str], body: object, problem: OstiaryError | None, lease: idempotency.Lease
    ) -> Reply:
        """Answers under a lease: the answer is kept with the effect, or the key is given back."""
        try:
            if problem is not None:
                raise problem
            return await self._decide(query, body, lease)
        except OstiaryError as refused:
            status = status_of(refused)
            if status in (401, 429) or status >= 500:
                await self._forget(lease)
            else:
                kept = lease.answered(status, body_of(refused, self.exchange.trace_id))
                unit = Unit(self.caller.company.id, self.gate.service.world.now_ms(), answered=kept)
                await self.gate.service.world.storage.commit(unit, self.caller.company)
            raise
        except BaseException:
            await self._forget(lease)
            raise

    async def _forget(self, lease: idempotency.Lease) -> None:
        await idempotency.give_back(self.gate.answers, self.caller.company.id, lease)

    async def _decide(self, query: Mapping[str, str], body: Any, lease: idempotency.Lease | None) -> Reply:
        path = self.exchange.scope.get("path_params", {})
        call = Call(self.gate.service, self.caller, path, query, body)
        named = path.get("productRequestId", "")
        self.exchange.enablement_id = named if is_id(named) else ""  # logged, so never what somebody made up

        def seal(answer: Any) -> Answered:
            assert lease is not None  # noqa: S101 (only used with one)
            return lease.answered(self.operation.status, self._shown(call, answer))

        answer = await settle(
            call.world, self.caller, lambda: self.operation.decide(call), None if lease is None else seal
        )
        return Reply(self.operation.status, self._shown(call, answer), self._links(call))

    def _shown(self, call: Call, answer: Any) -> bytes:
        shown = self.operation.show(call, answer)
        return b"" if shown is None else msgspec.json.encode(shown)

    def _links(self, call: Call) -> list[tuple[bytes, bytes]]:
        """RFC 8288, for the next page."""
        if "next" not in call.links:
            return []
        query = urlencode({**call.query, "cursor": call.links["next"]})
        return [(b"link", f'<{self.exchange.scope["path"]}?{query}>; rel="next"'.encode())]

    def _query(self) -> Mapping[str, str]:
        """The query, known names only. Raises InvalidRequest."""
        raw = self.exchange.scope.get("query_string", b"")
        if not raw:
            return {}
        if len(raw) > MOST_QUERY_CHARACTERS:
            raise InvalidRequest(f"The query has more than {MOST_QUERY_CHARACTERS} characters.")
        pairs = parse_qsl(raw.decode("latin-1"), keep_blank_values=True)
        known = self.operation.query
        faults = tuple(
            Fault(name[:100], "QUERY_UNKNOWN", f"is not known here; known: {', '.join(known) or 'none'}")
            for name, _ in pairs
            if name not in known
        )
        query = dict(pairs)
        if len(query) < len(pairs):
            repeated = sorted({name for name, _ in pairs if sum(other == name for other, _ in pairs) > 1})
            faults += tuple(Fault(name[:100], "QUERY_REPEATED", "may be given once") for name in repeated)
        if faults:
            raise InvalidRequest(faults=faults[:MOST_FAULTS])
        expansions(query)
        return query

    async def _parsed(self, raw: bytes | bytearray) -> object:
        takes, service = self.operation.takes, self.gate.service
        sent = self.exchange.headers.get(b"content-type", b"")
        media_type = sent.partition(b";")[0].strip().lower()
        if takes is NoBody and not raw:
            return NoBody()
        if self.operation.multipart and media_type == _MULTIPART:
            return await in_pool(service, upload_of_multipart, raw, sent)
        if sent and media_type != _JSON:
            raise UnsupportedMediaType
        if self.operation.multipart:
            return await in_pool(service, upload_of_json, raw)
        if takes not in (CREATE_BODY, REPLACE_BODY):
            return read_json(raw, self._kind(takes))
        try:
            return read_json(raw, self._kind(takes))
        except InvalidRequest as refused:
            raise with_rules(refused, raw, service.bodies, service.world) from None

    def _kind(self, takes: type | str | None) -> type[msgspec.Struct]:
        bodies = self.gate.service.bodies
        if takes == CREATE_BODY:
            return bodies.create
        if takes == REPLACE_BODY:
            return bodies.replace
        assert isinstance(takes, type)  # noqa: S101 (the table's own)
        return takes


def with_method(endpoint: Endpoint, operation: Operation) -> Endpoint:
    """The endpoint answering one more method."""
    return replace(endpoint, operations={**endpoint.operations, operation.method: operation})
