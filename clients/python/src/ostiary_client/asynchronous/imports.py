"""Many clients from one file: checked first, then carried out, each row once."""

from __future__ import annotations

from collections.abc import AsyncIterator

from ostiary_client.asynchronous.transport import AsyncTransport
from ostiary_client.asynchronous.waiting import pause
from ostiary_client.calls import Sent, decoded
from ostiary_client.generated import operations
from ostiary_client.generated.imports import Import
from ostiary_client.imports import USUAL_IMPORT_WAIT_S, ImportWatch, id_of
from ostiary_client.options import Options
from ostiary_client.pictures import Picture, Progress, bytes_of

CSV = "text/csv; charset=utf-8"


class AsyncImportsApi:
    """Files of clients. Nothing is done by sending one: `start` does it, once `settled` says that it is checked."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def template(self, *, options: Options | None = None) -> bytes:
        """A file (CSV) with every column there is, to be filled in."""
        operation = operations.READ_IMPORT_TEMPLATE
        return (await self._transport.call(operation, operation.at(), options=options)).content

    async def create(
        self, file: Picture, *, progress: Progress | None = None, options: Options | None = None
    ) -> Import:
        """Sends a file (CSV, UTF-8): its bytes, its path, or the file open for reading bytes. It is checked alone."""
        operation, sent = operations.CREATE_IMPORT, Sent(content=bytes_of(file), content_type=CSV)
        return decoded(await self._transport.call(operation, operation.at(), sent, options, progress), Import)

    async def list(self, *, page_size: int | None = None, options: Options | None = None) -> AsyncIterator[Import]:
        """Newest first; each page is asked for when it is needed."""
        operation, sent = operations.LIST_IMPORTS, Sent(query={"limit": page_size})
        async for each in self._transport.pages(operation, operation.at(), Import, sent, options):
            yield each

    async def read(self, which: Import | str, *, options: Options | None = None) -> Import:
        """How far it is."""
        operation = operations.READ_IMPORT
        path = operation.at(import_id=id_of(which))
        return await self._transport.value(operation, path, Import, options=options)

    async def start(self, which: Import | str, *, options: Options | None = None) -> Import:
        """Carries out its good rows, in the service, one after another."""
        operation = operations.START_IMPORT
        path = operation.at(import_id=id_of(which))
        return await self._transport.value(operation, path, Import, options=options)

    async def cancel(self, which: Import | str, *, options: Options | None = None) -> Import:
        """Ends it; clients that are made stay."""
        operation = operations.CANCEL_IMPORT
        path = operation.at(import_id=id_of(which))
        return await self._transport.value(operation, path, Import, options=options)

    async def faults(self, which: Import | str, *, options: Options | None = None) -> bytes:
        """The rows that stay undone (CSV), each with what is wrong: mend it, and send it as a file of its own."""
        operation = operations.READ_IMPORT_FAULTS
        path = operation.at(import_id=id_of(which))
        return (await self._transport.call(operation, path, options=options)).content

    async def settled(
        self, which: Import | str, *, timeout_s: float = USUAL_IMPORT_WAIT_S, options: Options | None = None
    ) -> Import:
        """Reads it until nobody works at it: checked, done or cancelled. Raises ImportUnsettled when the time is up;
        the service goes on all the same."""
        watch = ImportWatch(timeout_s)
        while True:
            current = await self.read(which, options=options)
            wait_s = watch.wait_after(current)
            if wait_s is None:
                return current
            await pause(wait_s)
