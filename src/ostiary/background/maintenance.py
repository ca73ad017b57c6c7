"""Housekeeping that the worker does now and then: old answers and messages, pictures that no row refers to, screening
active clients again, and asking whether who signed their documents is still believed."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from ostiary.app import Installation
from ostiary.background.checkpoints import ScheduledCheckpoints
from ostiary.background.erasures import ErasureRounds
from ostiary.background.imports import forget_imports
from ostiary.background.renewals import Renewals
from ostiary.background.rescreen import Rescreening
from ostiary.background.trust import TrustWatch
from ostiary.domain.errors import OstiaryError
from ostiary.domain.ids import encode, is_id, time_ms
from ostiary.domain.operators.sign_in import FORGIVEN_AFTER_MS
from ostiary.domain.privacy.retention import USUAL, Category, kept_ms
from ostiary.domain.times import day_of
from ostiary.storage.hosted.links import DUE_TOGETHER
from ostiary.storage.tables.messages import FORGOTTEN_TOGETHER
from ostiary.storage.tables.unsized import FROM_THE_START
from ostiary.telemetry.logs import get_logger
from ostiary.usecases.hosted.lapse import end_due_link, put_off_link

ORPHAN_AGE_MS = 3_600_000
"""A picture is written before its row; one without a row after an hour is what a crash left behind."""
SWEEP_EVERY_MS = 3_600_000
MESSAGES_KEPT_MS = kept_ms(USUAL[Category.DELIVERIES])
"""Ended deliveries can be looked at and sent again for a month: longer than a partner's own logs usually last."""
DAYS_BACK, DAYS_BACK_AT_START = 2, 35
"""Older days were swept when they were recent; after a start, as far back as a long stop may reach."""
LINK_ROUNDS = 10
"""Batches of links that are ended each time, so that what else there is to do has its turn: the rest is due still."""
_log = get_logger("ostiary.chores")


class Chores:
    """One round each time it is asked to `do`."""

    def __init__(self, installation: Installation) -> None:
        self._installation, self._swept_at_ms, self._days_back = installation, 0, DAYS_BACK_AT_START
        self._rescreening = Rescreening(installation.context)
        self._renewals = Renewals(installation.context)
        self._trust = TrustWatch(installation.context)
        self._checkpoints = ScheduledCheckpoints(installation)
        self._erasures = ErasureRounds(installation.context)
        self._retention = installation.context.retention

    async def do(self) -> None:
        now = self._installation.context.now_ms()
        while await self._installation.store.answers.sweep(now):
            await asyncio.sleep(0)
        while await self._installation.store.standings.sweep():
            await asyncio.sleep(0)
        await self._installation.store.sums.gather()
        await self._end_links()
        await self._renewals.do(now)
        if not 0 <= now - self._swept_at_ms < SWEEP_EVERY_MS:  # also when the clock was set back
            self._swept_at_ms = now
            await self._size_documents()
            await self._forget_sign_ins(now)
            await self._forget_claims(now)
            await forget_imports(self._installation.store, now)
            await self._forget_messages(now)  # first: a store that may not be listed must not keep them for ever
            await self._installation.store.recount(now)
            await self._sweep_pictures(now)
        await self._checkpoints.begin(now)
        await self._rescreening.begin()
        await self._trust.begin()
        await self._erasures.begin()

    async def close(self) -> None:
        await self._rescreening.close()
        await self._trust.close()
        await self._checkpoints.close()
        await self._erasures.close()

    async def _forget_messages(self, now_ms: int) -> None:
        before = encode(max(0, now_ms - kept_ms(self._retention[Category.DELIVERIES])), 0)
        for company in await self._installation.store.companies.every():
            while await self._installation.store.outbox.forget(company.id, before) >= FORGOTTEN_TOGETHER:
                await asyncio.sleep(0)

    async def _forget_sign_ins(self, now_ms: int) -> None:
        """Sessions that are over, attempts to sign in that are forgiven, and used challenges, kept as these are."""
        store = self._installation.store
        if (house_id := await store.operators.house_id()) is None:
            return
        while await store.sessions.sweep(house_id, now_ms):
            await asyncio.sleep(0)
        later_ms = kept_ms(self._retention[Category.SIGN_INS]) - FORGIVEN_AFTER_MS
        while await store.attempts.sweep(house_id, now_ms - later_ms):
            await asyncio.sleep(0)

    async def _forget_claims(self, now_ms: int) -> None:
        """Claims on cases that were let lapse."""
        store = self._installation.store
        for company in await store.companies.every():
            while await store.claims.sweep(company.id, now_ms):
                await asyncio.sleep(0)

    async def _end_links(self) -> None:
        """Links to the page for clients that nobody used in time. What cannot be ended is no reason to leave others."""
        context = self._installation.context
        for _ in range(LINK_ROUNDS):
            due = await context.storage.onboarding_links.due(context.now_ms())
            for company_id, client_id, link_id in due:
                try:
                    await end_due_link(context, company_id, client_id, link_id)
                except OstiaryError as error:
                    _log.warning("link_not_ended", company_id=company_id, client_id=client_id, error=error.code)
                    await put_off_link(context, company_id, client_id, link_id)
            if len(due) < DUE_TOGETHER:
                return

    async def _size_documents(self) -> None:
        """Of documents that were there before sizes were kept beside them. Nothing to do, usually."""
        unsized = self._installation.store.unsized
        for company in await self._installation.store.companies.every():
            after: tuple[str, str] | None = FROM_THE_START
            while after is not None:
                after = await unsized.size(company.id, after)
                await asyncio.sleep(0)

    async def _sweep_pictures(self, now_ms: int) -> None:
        """Removes unreferenced pictures of recent days."""
        today = day_of(now_ms)
        days = [f"{today - timedelta(days=back):%Y%m%d}" for back in range(self._days_back)]
        count = 0
        for company in await self._installation.store.companies.every():
            async for stored_file in self._installation.files.stored(company.id, days):
                if not is_id(stored_file.document_id) or time_ms(stored_file.document_id) > now_ms - ORPHAN_AGE_MS:
                    continue
                if not await self._installation.store.documents.exists(
                    company.id, stored_file.client_id, stored_file.document_id
                ):
                    await self._installation.files.store.remove(stored_file.name)
                    count += 1
                await asyncio.sleep(0)
        self._days_back = DAYS_BACK
        if count:
            _log.info("pictures_swept", count=count)
