"""One request to the page on its way: who is here, what the address and the form give."""

from __future__ import annotations

from collections.abc import Mapping

from ostiary.domain.companies.company import Company
from ostiary.domain.errors import PayloadTooLarge, UnsupportedMediaType
from ostiary.domain.hosted.brand import KeptBrand
from ostiary.domain.hosted.links import PATH
from ostiary.hosted.problems import TOO_MUCH_TEXT, HostedRefused
from ostiary.hosted.services import Hosted
from ostiary.html.asking import FILES_TYPE, FORM_TYPE, address_fields, browser_language, media_type_of
from ostiary.html.cookies import language_in, token_in, value_in
from ostiary.html.fields import NO_FIELDS, Fields, read_fields, read_texts
from ostiary.html.multipart import parts_of
from ostiary.html.same_site import form_mark
from ostiary.languages.choosing import is_offered
from ostiary.languages.language import Language
from ostiary.usecases.hosted.arrival import ClientSession, LinkLook
from ostiary.usecases.hosted.brand import find_brand
from ostiary.usecases.hosted.sessions import company_mark, company_of
from ostiary.web.asgi import ApiRequest
from ostiary.web.body import Body
from ostiary.web.errors import CLOSE

SESSION, DRAFT = "ostiary_onboarding", "ostiary_draft"
FRAMED_SESSION, FRAMED_DRAFT = f"{SESSION}_framed", f"{DRAFT}_framed"
"""Of a page that is shown within another: a session is either, so that one begun in a window of its own cannot be shown
within anything."""
NEXT = f"{PATH}/next"
"""On to whatever is next."""
PURPOSE = b"a form of the onboarding page"
MOST_PLAIN_BYTES = 65_536
"""A form without files: fifty details of 500 characters, of which each may take nine bytes."""


class HostedRequest:
    """`path` has the parameters of the address, `form` what was sent, `files` the files in it by name.

    `session` is None where nobody is here. `draft` is the sealed text that the browser keeps of a document; `draft_set`
    what it is to keep from now on (empty: nothing; None: what it has). `is_framed`: it goes on within another page.
    """

    __slots__ = (
        "api",
        "brand",
        "chosen",
        "draft",
        "draft_set",
        "files",
        "form",
        "hosted",
        "is_framed",
        "path",
        "query",
        "session",
        "token",
    )

    def __init__(self, hosted: Hosted, api: ApiRequest, path: Mapping[str, str]) -> None:
        cookies = api.header(b"cookie") or ""
        self.hosted, self.api, self.path = hosted, api, path
        self.query: Fields = NO_FIELDS
        self.form: Fields = NO_FIELDS
        self.files: Mapping[str, bytes] = {}
        self.session: ClientSession | None = None
        self.brand: KeptBrand | None = None
        """How the company's pages look, where it is known whose they are."""
        framed = token_in(cookies, FRAMED_SESSION, is_secure=hosted.is_secure)
        self.is_framed = bool(framed)
        self.token = framed or token_in(cookies, SESSION, is_secure=hosted.is_secure)
        self.draft = value_in(cookies, self.draft_cookie, is_secure=hosted.is_secure)
        self.draft_set: str | None = None
        self.chosen = ""
        """The language of the link, where the browser chose none."""

    async def meet(self, look: LinkLook) -> None:
        """Shows whose link is looked at, or was: not who else is here in this browser."""
        self.session = None
        self.chosen = look.link.wish.language if look.link is not None else ""
        self.brand = await find_brand(self.hosted.context, look.company) if look.company is not None else None

    async def meet_company(self, name: str) -> None:
        """Shows whose page it is, by a mark in the address: where a page is within another, that has to be known."""
        company = await company_of(self.hosted.context, self.query.text(name))
        self.brand = None if company is None else await find_brand(self.hosted.context, company)

    def company_word(self, company: Company) -> str:
        """What `meet_company` knows a company by, where that is needed."""
        return company_mark(self.hosted.context, company) if self.is_framed else "1"

    @property
    def other_token(self) -> str:
        """Of a session of the other kind, which this browser has as well."""
        other = SESSION if self.is_framed else FRAMED_SESSION
        return token_in(self.api.header(b"cookie") or "", other, is_secure=self.hosted.is_secure)

    @property
    def session_cookie(self) -> str:
        return FRAMED_SESSION if self.is_framed else SESSION

    @property
    def draft_cookie(self) -> str:
        return FRAMED_DRAFT if self.is_framed else DRAFT

    @property
    def frames(self) -> tuple[str, ...]:
        """The origins whose pages may show this one: those that its company lists, as long as nobody is here, or who
        is began there."""
        is_theirs = self.brand is not None and (self.session is None or self.is_framed)
        return self.brand.brand.frame_origins if self.brand is not None and is_theirs else ()

    @property
    def is_within(self) -> bool:
        """Whether the browser says that it shows the answer within another page (Fetch Metadata)."""
        return self.api.header(b"sec-fetch-dest") == "iframe"

    @property
    def is_here(self) -> bool:
        """Whether there is a session."""
        return self.session is not None

    @property
    def here(self) -> ClientSession:
        """Who is here, on a page that is not open to everybody."""
        assert self.session is not None  # noqa: S101 (the cycle lets nobody else through)
        return self.session

    @property
    def language(self) -> Language:
        """As the address asks for, as was chosen in this browser, as the link says, or else as the browser asks for."""
        asked = self.query.text("language")
        own = language_in(self.api.header(b"cookie") or "", is_secure=self.hosted.is_secure)
        tag = next((each for each in (asked, own, self.chosen) if is_offered(each)), "")
        usual = browser_language(self.hosted.languages, self.api, is_secure=self.hosted.is_secure)
        return self.hosted.languages[tag] if tag else usual

    @property
    def form_token(self) -> str:
        """What stands in forms: of the session, or of the link that is looked at."""
        token = self.token if self.session is not None else self.path.get("token", "")
        return form_mark(token, PURPOSE) if token else ""

    def read_query(self) -> None:
        """Raises InvalidRequest."""
        self.query = address_fields(self.api)

    async def read_form(self, most_bytes: int, holder: str) -> None:
        """Raises UnsupportedMediaType, PayloadTooLarge, HostedRefused (too much text), InvalidRequest, Unavailable.
        What was read of files stays counted until `release`."""
        media_type = media_type_of(self.api)
        most = most_bytes if media_type == FILES_TYPE else min(most_bytes, MOST_PLAIN_BYTES)
        self.api.source = Body(self.api.receive, self.api.headers, self.hosted.bodies.share(holder), most)
        if media_type not in (FORM_TYPE, FILES_TYPE):
            raise UnsupportedMediaType
        try:
            raw = await self.api.source.read()
        except PayloadTooLarge:
            if most > MOST_PLAIN_BYTES:
                raise
            raise HostedRefused(*TOO_MUCH_TEXT, headers=(CLOSE,)) from None  # there is no file to make smaller
        if media_type == FORM_TYPE:
            self.form = read_fields(bytes(raw))
            return
        parts = parts_of(raw, self.api.headers[b"content-type"])
        self.files = {name: bytes(part) for name, part in parts.items() if name.startswith("image_")}
        texts = {name: part for name, part in parts.items() if not name.startswith("image_")}
        self.form = read_texts(texts)

    def release(self) -> None:
        """What was sent is no longer held."""
        self.files = {}
        if self.api.source is not None:
            self.api.source.release()
