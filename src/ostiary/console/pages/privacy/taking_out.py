"""What is known of one client, for the client, in one archive."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_STORED, ZipFile

from ostiary.console.answers import ConsoleAnswer
from ostiary.console.pages.privacy.erasures import refused_page
from ostiary.console.request import ConsoleRequest
from ostiary.console.services import Console, committed
from ostiary.domain.errors import Contended, NotFound, Refused
from ostiary.html.answers import Download
from ostiary.usecases.privacy.export import export_client
from ostiary.wire.privacy.archive import add_person


async def take_out(console: Console, request: ConsoleRequest) -> ConsoleAnswer:
    """The browser saves it. Raises Tampered, Unavailable."""
    client_id = request.form.text("client_id").strip()
    try:
        record = await committed(console, request.caller, export_client, client_id)
    except (Refused, Contended, NotFound) as problem:
        return await refused_page(console, request, problem)
    content = BytesIO()
    with ZipFile(content, "w", ZIP_STORED) as archive:
        await add_person(archive, "", record, console.context.pictures.fetch)
    return Download(content.getvalue(), "application/zip", f"{record.dossier.client.id}.zip")
