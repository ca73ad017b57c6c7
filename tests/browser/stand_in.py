"""The upload form alone, and a server for it that takes pictures, breaks connections, or is slow, as it is told to.

The form, its scripts and their policy of content are the real ones; only what answers stands in for the service.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage, Message
from email.parser import BytesParser
from email.policy import HTTP
from html import escape
from pathlib import Path

from ostiary import hosted
from ostiary.domain.catalogue.catalogue import DocumentType
from ostiary.domain.documents.document import FRONT
from ostiary.domain.documents.pictures import PictureLimits
from ostiary.hosted.capture import capture_attributes
from ostiary.html.rendering import Rendering
from ostiary.html.security_headers import security_headers
from ostiary.html.static_files import StaticFiles
from ostiary.languages.language import Languages

HOME = Path(hosted.__file__).parent
REFUSAL = b"<title>Sorry</title><main><p role=alert>Not taken.</p></main>"


@dataclass(slots=True)
class Sent:
    """A picture as it came."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(slots=True)
class StandIn:
    """`breaks`: so many uploads are cut off after some of their bytes; `lost`: so many are taken, and the answer lost.
    `refuses`: what is taken is answered by a page that says why not."""

    kind: DocumentType
    address: str = ""
    breaks: int = 0
    lost: int = 0
    refuses: bool = False
    came: list[Sent] = field(default_factory=list)
    begun: int = 0
    static: StaticFiles = field(default_factory=lambda: StaticFiles("/static", [HOME / "static"]))

    def page(self) -> bytes:
        languages = Languages()
        rendering = Rendering(HOME / "templates", self.static, languages, lambda: 0)
        parts = rendering.html("capture.html", {}, languages["en"]).decode()
        given = capture_attributes(self.kind, FRONT, PictureLimits().with_pages())
        attributes = " ".join(f'{name}="{escape(value)}"' for name, value in given.items())
        return f"""<!doctype html><html lang=en><title>A picture</title><main><h1>A picture</h1>
            <form {attributes} method=post enctype=multipart/form-data>{parts}
            <label>File <input type=file name=picture required></label><button>Send</button></form></main>
            <script type=module src="{self.static.address("capture.js")}"></script>""".encode()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            method, path, _ = head.split(" ", 2)
            headers = BytesParser(policy=HTTP).parsebytes(head.partition("\r\n")[2].encode())
            if method == "POST":
                await self._take(reader, writer, path, headers)
            elif path.startswith("/static/"):
                file = self.static.find(path.removeprefix("/static/"))
                await _give(writer, file.body if file else b"", file.media_type if file else "text/plain")
            else:
                await _give(writer, b"<main><h1>Thank you</h1></main>" if path == "/done" else self.page())
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _take(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, headers: Message
    ) -> None:
        self.begun += 1
        if self.breaks:
            self.breaks -= 1
            await reader.read(1000)
            writer.transport.abort()
            return
        body = await reader.readexactly(int(headers["content-length"]))
        form = BytesParser(policy=HTTP).parsebytes(
            b"content-type: " + headers["content-type"].encode() + b"\r\n\r\n" + body
        )
        assert isinstance(form, EmailMessage)
        picture = next(part for part in form.iter_parts() if part.get_filename())
        content = picture.get_payload(decode=True)
        assert isinstance(content, bytes)
        name, kind = picture.get_filename() or "", picture.get_content_type()
        self.came.append(Sent(name, kind, content))
        if self.lost:
            self.lost -= 1
            writer.transport.abort()
        elif self.refuses:
            await _give(writer, REFUSAL)
        else:
            writer.write(b"HTTP/1.1 303 See Other\r\nlocation: /done\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
            await writer.drain()


async def _give(writer: asyncio.StreamWriter, body: bytes, media_type: str = "text/html; charset=utf-8") -> None:
    policy = b"".join(b"%s: %s\r\n" % header for header in security_headers(camera="(self)"))
    head = f"HTTP/1.1 200 OK\r\ncontent-type: {media_type}\r\ncontent-length: {len(body)}\r\nconnection: close\r\n"
    writer.write(head.encode() + policy + b"\r\n" + body)
    await writer.drain()


@asynccontextmanager
async def stand_in(kind: DocumentType) -> AsyncIterator[StandIn]:
    """Serving on a port of loopback: `localhost`, which browsers trust with cameras as they do https."""
    place = StandIn(kind)
    server = await asyncio.start_server(place.answer, "127.0.0.1", 0, limit=1 << 20)
    place.address = f"http://localhost:{server.sockets[0].getsockname()[1]}/"
    try:
        yield place
    finally:
        server.close()
