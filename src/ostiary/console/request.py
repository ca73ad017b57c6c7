"""One request to the console on its way: who is signed in, what the address and the form give."""

from __future__ import annotations

from collections.abc import Mapping

from ostiary.console.forms.cookies import FORM, SESSION, WAY
from ostiary.console.forms.same_site import form_token
from ostiary.console.services import Console
from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.hosted.brand import LOGO_BYTES
from ostiary.domain.operators.operator import Operator
from ostiary.domain.operators.passkeys import RelyingParty, relying_party
from ostiary.domain.operators.sessions import AGENT_CHARACTERS, SignInSource
from ostiary.html.asking import address_fields, browser_language, caller_address, file_fields, form_fields
from ostiary.html.cookies import token_in
from ostiary.html.fields import NO_FIELDS
from ostiary.languages.choosing import is_offered
from ostiary.languages.language import Language
from ostiary.usecases.operators.sessions import SignedIn
from ostiary.web.asgi import ApiRequest

MOST_FORM_BYTES = 65_536
"""The longest note has 4,000 characters; nothing else is longer."""


class ConsoleRequest:
    """`path` has the parameters of the address, `query` what follows it, `form` what was sent.

    `signed_in` is None on public pages only; `caller` is there where the action is about one company.
    """

    __slots__ = (
        "api", "browser_language", "browser_token", "caller", "files", "form", "languages", "path", "query",
        "session_token", "signed_in", "way",
    )  # fmt: skip

    caller: Caller

    def __init__(self, console: Console, api: ApiRequest) -> None:
        cookies = api.header(b"cookie") or ""
        self.api = api
        self.path: Mapping[str, str] = api.path
        self.query = NO_FIELDS
        self.form = NO_FIELDS
        self.files: Mapping[str, bytes] = {}
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
        self.query = address_fields(self.api)

    async def read_form(self, console: Console) -> None:
        """Raises UnsupportedMediaType, PayloadTooLarge, InvalidRequest."""
        self.form = await form_fields(self.api, console.bodies.share("console"), MOST_FORM_BYTES)

    async def read_files(self, console: Console) -> None:
        """The same of a form that may have a file. Raises UnsupportedMediaType, PayloadTooLarge, InvalidRequest."""
        share = console.bodies.share("console")
        self.form, self.files = await file_fields(self.api, share, MOST_FORM_BYTES + LOGO_BYTES, ("logo",))


def language_of(console: Console, api: ApiRequest) -> Language:
    """As somebody chose in this browser, or else as it asks for (RFC 9110 section 12.5.4)."""
    return browser_language(console.languages, api, is_secure=console.is_secure)


def address_of(console: Console, api: ApiRequest) -> str:
    """The source address of a call: of the connection, or as a trusted proxy names it. Raises InvalidRequest."""
    return caller_address(api, console.trusted_proxies)


def source_of(console: Console, request: ConsoleRequest) -> SignInSource:
    """Where somebody signs in from, and the session that ends with it. Raises InvalidRequest."""
    earlier = "" if request.signed_in is None else request.session_token
    return SignInSource(address_of(console, request.api), request.agent, earlier)


def site_of(console: Console, request: ConsoleRequest) -> RelyingParty | None:
    """Whom passkeys are made for; None where browsers make none."""
    return relying_party(console.public_url, request.api.header(b"host") or "")
