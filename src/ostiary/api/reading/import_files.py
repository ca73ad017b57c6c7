"""Reads files of clients to import."""

from __future__ import annotations

from ostiary.api.reading.parsing import BodyParser, media_type
from ostiary.api.services import ApiServices, in_pool
from ostiary.domain.errors import UnsupportedMediaType
from ostiary.domain.imports.bulk import MOST_FILE_BYTES
from ostiary.domain.sentences import N_
from ostiary.usecases.imports.receive import ImportFile, read_import_file
from ostiary.web.asgi import ApiRequest

CSV = "text/csv"


async def _import_file(services: ApiServices, request: ApiRequest, raw: bytes | bytearray) -> ImportFile:
    """A file of clients, read beside the event loop. Without a media type, CSV is meant."""
    if request.headers.get(b"content-type") and media_type(request) != CSV.encode():
        raise UnsupportedMediaType(N_("Send the file as text/csv."))
    file: ImportFile = await in_pool(services, read_import_file, raw, services.context.catalogues.attributes)
    return file


IMPORT_FILE = BodyParser("ImportFile", _import_file, most_bytes=MOST_FILE_BYTES, media_type=CSV)
