"""One request to the console on its way: who is signed in, what the address and the form give."""

from __future__ import annotations

from collections.abc import Mapping

from ostiary.console.forms.cookies import FORM, SESSION, WAY, language_in, token_in
from ostiary.console.forms.fields import MOST_QUERY_BYTES, NO_FIELDS, read_fields
from ostiary.console.forms.same_site import form_token
from ostiary.console.services import Console
from ostiary.domain.companies.company import Caller, Company, source_address
from ostiary.domain.errors import InvalidRequest, UnsupportedMediaType
from ostiary.domain.operators.operator import Operator
from ostiary.domain.operators.passkeys import RelyingParty, relying_party
from ostiary.domain.operators.sessions import AGENT_CHARACTERS, SignInSource
from ostiary.domain.sentences import sentence
from ostiary.languages.choosing import is_offered, wanted_language
from ostiary.languages.language import Language
from ostiary.usecases.operators.sessions import SignedIn
from ostiary.web.asgi import ApiRequest
from ostiary.web.body import Body

MOST_FORM_BYTES = 65_536
"""The longest note has 4,000 characters; nothing else is longer."""
FORM_TYPE = "application/x-www-form-urlencoded"


class ConsoleRequest:
    """`path` has the parameters of the address, `query` what follows it, `form` what was sent.

    `signed_in` is None on public pages only; `caller` is there where the action is about one company.
    """

    __slots__ = (
        "api", "browser_language", "browser_token", "caller", "form", "languages", "path", "query", "session_token",
        "signed_in", "way",
    )  # fmt: skip

    caller: Caller

    def __init__(self, console: Console, api: ApiRequest) -> None:
        cookies = api.header(b"cookie") or ""
        self.api = api
        self.path: Mapping[str, str] = api.path
        self.query = NO_FIELDS
        self.form = NO_FIELDS
        self.signed_in: SignedIn | None = None
        self.session_token = token_in(cookies, SESSION, is_secure=console.is_secure)
        self.browser_token = token_in(cookies, FORM, is_secure=console.is_secure)
        self.way = token_in(cookies, WAY, is_secure=console.is_secure)
        """What the browser holds that was sent to an identity provider."""
        self.languages = console.languages
        self.browser_language = language_of(console, api)
        """What was chosen in this browser, or else what it asks for."""

    @property
    def language(self) -> Language:
        """In which the answer is: the operator's own, if he chose one."""
        chosen = "" if self.signed_in is None else self.signed_in.operator.language
        return self.languages[chosen] if is_offered(chosen) else self.browser_language

    @property
    def way_back(self) -> str:
        """The page that is shown, to come back to; empty where a form led to it."""
        query: bytes = self.api.scope.get("query_string", b"")
        path = str(self.api.scope["path"])
        if self.api.method not in ("GET", "HEAD"):
            return ""
        return f"{path}?{query.decode('latin-1')}" if query else path

    @property
    def operator(self) -> Operator:
        """Who is signed in, on a page that is not public."""
        assert self.signed_in is not None  # noqa: S101 (the cycle lets nobody else through)
        return self.signed_in.operator

    @property
    def house(self) -> Company:
        """Where operators are kept."""
        assert self.signed_in is not None  # noqa: S101
        return self.signed_in.house

    @property
    def as_operator(self) -> Caller:
        """Who acts on operators and sessions."""
        assert self.signed_in is not None  # noqa: S101
        return self.signed_in.caller

    @property
    def token(self) -> str:
        """What forms are tied to: the session or, where nobody is signed in, the browser."""
        return self.session_token if self.signed_in is not None else self.browser_token

    @property
    def form_token(self) -> str:
        return form_token(self.token)

    @property
    def is_fragment(self) -> bool:
        """Whether htmx asks for a part of a page."""
        return self.api.header(b"hx-request") == "true" and self.api.header(b"hx-boosted") is None

    @property
    def agent(self) -> str:
        """What the browser says that it is."""
        text = self.api.header(b"user-agent") or ""
        return "".join(character for character in text if character.isprintable())[:AGENT_CHARACTERS]

    def read_query(self) -> None:
        """Raises InvalidRequest."""
        encoded: bytes = self.api.scope.get("query_string", b"")
        if len(encoded) > MOST_QUERY_BYTES:
            raise InvalidRequest(sentence("What follows the ? has at most %(most)s characters.", most=MOST_QUERY_BYTES))
        self.query = read_fields(encoded)

    async def read_form(self, console: Console) -> None:
        """Raises UnsupportedMediaType, PayloadTooLarge, InvalidRequest."""
        media_type = (self.api.header(b"content-type") or "").partition(";")[0].strip().lower()
        coding = (self.api.header(b"content-encoding") or "identity").strip().lower()
        share = console.bodies.share("console")
        self.api.source = Body(self.api.receive, self.api.headers, share, MOST_FORM_BYTES)
        try:
            if media_type != FORM_TYPE or coding != "identity":
                raise UnsupportedMediaType
            self.form = read_fields(bytes(await self.api.source.read()))
        finally:
            self.api.source.release()


def language_of(console: Console, api: ApiRequest) -> Language:
    """As somebody chose in this browser, or else as it asks for (RFC 9110 section 12.5.4)."""
    chosen = language_in(api.header(b"cookie") or "", is_secure=console.is_secure)
    return console.languages[chosen or wanted_language(api.header(b"accept-language") or "")]


def address_of(console: Console, api: ApiRequest) -> str:
    """The source address of a call: of the connection, or as a trusted proxy names it. Raises InvalidRequest."""
    peer = api.scope["client"][0] if api.scope.get("client") else ""
    if not console.trusted_proxies:
        return str(peer)
    return source_address(peer, api.header(b"x-forwarded-for") or "", console.trusted_proxies)


def source_of(console: Console, request: ConsoleRequest) -> SignInSource:
    """Where somebody signs in from, and the session that ends with it. Raises InvalidRequest."""
    earlier = "" if request.signed_in is None else request.session_token
    return SignInSource(address_of(console, request.api), request.agent, earlier)


def site_of(console: Console, request: ConsoleRequest) -> RelyingParty | None:
    """Whom passkeys are made for; None where browsers make none."""
    return relying_party(console.public_url, request.api.header(b"host") or "")
