"""Where providers reach us: verdicts, proved by their signature, and pictures, by links we made.

Nobody else has any business here, so what does not prove itself gets 401 or 404 and nothing more.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.types import Receive, Scope, Send

from ostiary.domain.errors import InvalidRequest, NotFound, Unauthorized
from ostiary.domain.providers import SignatureInvalid, Ticket
from ostiary.http.bytes_in import Body
from ostiary.http.endpoint import Gate
from ostiary.http.exchange import Exchange, Reply, method_refused
from ostiary.usecases.fetching import fetch_picture
from ostiary.usecases.hearing import Heard, hear_verdict
from ostiary.usecases.world import World

MOST_VERDICT_BYTES = 262_144
"""A verdict is a few kilobytes; some vendors repeat what they know of the applicant."""
VERDICTS, DOCUMENT = "/providers/{name}/verdicts", "/providers/{name}/documents/{token}"


@contextmanager
def counting_refusals(gate: Gate, exchange: Exchange) -> Iterator[None]:
    """A provider may come as often as it likes; who proves nothing is limited like everybody."""
    try:
        yield
    except (Unauthorized, NotFound, InvalidRequest):
        gate.source(exchange.scope, exchange.headers)
        raise


@dataclass(frozen=True, slots=True)
class Verdicts:
    """POST: what a provider says of a submission."""

    gate: Gate
    world: World

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await Exchange(scope, receive, send).answer(self._serve)

    async def _serve(self, exchange: Exchange) -> Reply:
        exchange.operation = "hear_verdict"
        with counting_refusals(self.gate, exchange):
            return await self._hear(exchange)

    async def _hear(self, exchange: Exchange) -> Reply:
        if exchange.scope["method"] != "POST":
            return method_refused(exchange, ("POST",))
        provider = self.world.providers.get(exchange.scope["path_params"]["name"])
        if provider is None:
            raise NotFound
        exchange.body = Body(exchange.receive, exchange.headers, self.gate.budget, MOST_VERDICT_BYTES)
        try:
            raw = bytes(await exchange.body.read())
        finally:
            exchange.body.release()
        try:
            verdict = provider.heard(_texts(exchange.headers), raw, self.world.now_ms())
        except SignatureInvalid:
            raise Unauthorized("The signature is missing, wrong or too old.") from None
        except ValueError as problem:
            raise InvalidRequest(f"The verdict cannot be understood: {problem}") from None
        heard = Heard.NOTED if verdict is None else await hear_verdict(self.world, provider.name, verdict)
        return Reply(200, json.dumps({"outcome": heard}).encode())


@dataclass(frozen=True, slots=True)
class Pictures:
    """GET: a picture of a submission, for as long as its link lasts."""

    gate: Gate
    world: World
    ticket: Callable[[str, str], Ticket]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await Exchange(scope, receive, send).answer(self._serve)

    async def _serve(self, exchange: Exchange) -> Reply:
        exchange.operation = "fetch_document"
        with counting_refusals(self.gate, exchange):
            return await self._fetch(exchange)

    async def _fetch(self, exchange: Exchange) -> Reply:
        if exchange.scope["method"] != "GET":
            return method_refused(exchange, ("GET",))
        named = exchange.scope["path_params"]
        if named["name"] not in self.world.providers:
            raise NotFound
        picture = await fetch_picture(self.world, self.ticket(named["name"], named["token"]))
        headers = [(b"content-disposition", b"attachment"), (b"content-security-policy", b"default-src 'none'")]
        return Reply(200, picture.content, headers, media_type=picture.media_type.encode())


def _texts(headers: Mapping[bytes, bytes]) -> dict[str, str]:
    return {name.decode("latin-1"): value.decode("latin-1") for name, value in headers.items()}
