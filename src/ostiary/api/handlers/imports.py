"""Calls about imports, as use cases and back; no decisions."""

from __future__ import annotations

from ostiary.api.queries import page_cursor, page_limit
from ostiary.api.representation import Representation
from ostiary.api.services import ApiServices
from ostiary.domain.errors import Fault, InvalidRequest
from ostiary.domain.imports.bulk import BulkImport
from ostiary.usecases.imports import imports, receive
from ostiary.usecases.imports.imports import ImportPage
from ostiary.usecases.transaction import Outcome
from ostiary.web.asgi import ApiRequest
from ostiary.wire.imports.progress import import_answer

CSV = b"text/csv; charset=utf-8"


async def create_import(services: ApiServices, request: ApiRequest) -> Outcome[BulkImport]:
    return await receive.create_import(services.context, request.caller, request.body)


async def list_imports(services: ApiServices, request: ApiRequest) -> Outcome[ImportPage]:
    faults: list[Fault] = []
    cursor = page_cursor(request.query.get("cursor"), faults)
    limit = page_limit(request.query.get("limit"), faults)
    if faults:
        raise InvalidRequest(faults=tuple(faults))
    return Outcome(await imports.list_imports(services.context, request.caller, before=cursor, limit=limit))


async def read_import(services: ApiServices, request: ApiRequest) -> Outcome[BulkImport]:
    return Outcome(await imports.read_import(services.context, request.caller, request.path["importId"]))


async def start_import(services: ApiServices, request: ApiRequest) -> Outcome[BulkImport]:
    return await imports.start_import(services.context, request.caller, request.path["importId"])


async def cancel_import(services: ApiServices, request: ApiRequest) -> Outcome[BulkImport]:
    return await imports.cancel_import(services.context, request.caller, request.path["importId"])


async def read_template(services: ApiServices, request: ApiRequest) -> Outcome[bytes]:
    return Outcome(imports.import_template(services.context))


async def read_faults(services: ApiServices, request: ApiRequest) -> Outcome[bytes]:
    return Outcome(await imports.faults_file(services.context, request.caller, request.path["importId"]))


def show_import(services: ApiServices, request: ApiRequest, bulk: BulkImport) -> Representation:
    return Representation(import_answer(bulk))


def show_imports(services: ApiServices, request: ApiRequest, page: ImportPage) -> Representation:
    return Representation([import_answer(bulk) for bulk in page.imports], page.next)


def show_file(services: ApiServices, request: ApiRequest, content: bytes) -> Representation:
    return Representation(content, media_type=CSV)
