"""Whatever workers, requests and the clock do, in whatever order: a message has one holder at a time, those of one
request go out in their order, each ends once, and none is lost."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ostiary.domain.clients.client import Client
from ostiary.domain.delivery.messages import Message, MessageOutcome
from ostiary.domain.unit import AddMessage, Guard, MessageResult
from ostiary.storage.store import Store
from tests.depth import deep
from tests.material import NOW_MS
from tests.storage.postgres_shelf import PostgresShelf
from tests.storage.shelf import Shelf, SqliteShelf
from tests.storage.values import Trade, found_company

T = TypeVar("T")
LEASE_MS, WAIT_MS = 1_000, 400
STORES, REQUESTS = 2, 3
ENDS = st.sampled_from([MessageOutcome.DELIVERED, MessageOutcome.FAILED, MessageOutcome.DROPPED])


@dataclass
class ModelMessage:
    """What the test knows of a message."""

    message: Message
    due_at_ms: int
    lease: str | None = None
    attempts: int = 0
    state: MessageOutcome = MessageOutcome.PENDING


class Deliveries(RuleBasedStateMachine):
    """A database with two processes on it, beside a model in memory."""

    def shelf(self) -> Shelf:
        return SqliteShelf(Path(self.folder.name))

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory(prefix="ostiary-property-")
        self.runner = asyncio.Runner()
        self.engine = self.shelf()
        self.model: dict[str, ModelMessage] = {}
        self.now, self.leases = NOW_MS, 0

    def do(self, work: Awaitable[T]) -> T:
        async def waited() -> T:
            return await work

        return self.runner.run(waited())

    @initialize()
    def begin(self) -> None:
        self.stores: list[Store] = [self.engine.open() for _ in range(STORES)]
        self.trade: Trade = self.do(found_company(self.stores[0], self.engine.cipher))
        self.client: Client = self.do(self.trade.remembered())
        self.requests = [self.trade.new_id() for _ in range(REQUESTS)]
        self.sequences = [0] * REQUESTS

    def teardown(self) -> None:
        self.do(self.engine.close())
        self.runner.close()
        self.folder.cleanup()

    # ---- what happens ----

    @rule(request=st.integers(0, REQUESTS - 1), later_ms=st.sampled_from([0, WAIT_MS]), count=st.integers(1, 2))
    def something_changes(self, request: int, later_ms: int, count: int) -> None:
        messages = []
        for _ in range(count):
            self.sequences[request] += 1
            messages.append(
                self.trade.message(
                    self.client,
                    self.now + later_ms,
                    enablement_id=self.requests[request],
                    sequence=self.sequences[request],
                )
            )
        assert (
            self.do(
                self.trade.store.commit(
                    self.trade.unit(changes=(*map(AddMessage, tuple(messages)),)), self.trade.company
                )
            )
            is None
        )
        for message in messages:
            self.model[message.id] = ModelMessage(message, message.due_at_ms)

    @rule(which=st.integers(0, STORES - 1), most=st.sampled_from([1, 2, 100]))
    def a_worker_claims(self, which: int, most: int) -> None:
        self.leases += 1
        lease = f"lease{self.leases}"
        claimed = self.do(self.stores[which].outbox.claim(lease, self.now, self.now + LEASE_MS, most))
        assert len(claimed) <= most
        may = {model.message.id for model in self.model.values() if self.is_free(model)}
        got = [message.id for message, _ in claimed]
        assert len(set(got)) == len(got)
        assert set(got) <= may
        assert len(got) == min(most, len(may)), "what is due is found at once, whoever put it there"
        for message, _ in claimed:
            model = self.model[message.id]
            model.lease, model.due_at_ms, model.attempts = lease, self.now + LEASE_MS, model.attempts + 1
            assert (message.attempts, message.body) == (model.attempts, model.message.body)

    @precondition(lambda self: any(model.lease for model in self.model.values()))
    @rule(data=st.data(), outcome=ENDS)
    def its_holder_ends_it(self, data: st.DataObject, outcome: MessageOutcome) -> None:
        model = self.held(data)
        assert self.settle(model, str(model.lease), outcome) is None
        model.state, model.lease = outcome, None
        self.release_after(model)

    @precondition(lambda self: any(model.lease for model in self.model.values()))
    @rule(data=st.data(), is_counted=st.booleans())
    def its_holder_puts_it_off(self, data: st.DataObject, is_counted: bool) -> None:
        model = self.held(data)
        due = self.now + WAIT_MS
        assert self.settle(model, str(model.lease), MessageOutcome.PENDING, due, is_counted=is_counted) is None
        model.lease, model.due_at_ms, model.attempts = None, due, model.attempts - (not is_counted)

    @precondition(lambda self: any(model.lease for model in self.model.values()))
    @rule(data=st.data())
    def its_holder_hands_it_back(self, data: st.DataObject) -> None:
        model = self.held(data)
        assert self.do(
            self.stores[1].outbox.hand_back(self.trade.company.id, model.message.id, str(model.lease), self.now)
        )
        model.lease, model.due_at_ms, model.attempts = None, self.now, model.attempts - 1

    @precondition(lambda self: self.model)
    @rule(data=st.data(), outcome=st.sampled_from(MessageOutcome))
    def somebody_else_can_do_nothing(self, data: st.DataObject, outcome: MessageOutcome) -> None:
        model = data.draw(st.sampled_from(sorted(self.model.values(), key=lambda model: model.message.id)))
        assert self.settle(model, "lease of nobody", outcome) is Guard.LEASE
        back = self.stores[0].outbox.hand_back(self.trade.company.id, model.message.id, "lease of nobody", self.now)
        assert not self.do(back)

    @rule(ms=st.sampled_from([1, WAIT_MS, LEASE_MS]))
    def time_passes(self, ms: int) -> None:
        self.now += ms

    # ---- what always holds ----

    @invariant()
    def the_database_holds_what_the_model_does(self) -> None:
        rows = self.engine.rows(
            "SELECT message_id, state, attempts FROM messages WHERE company_id = ?", self.trade.company.id
        )
        assert {row[0]: (row[1], row[2]) for row in rows} == {
            model.message.id: (model.state, model.attempts) for model in self.model.values()
        }

    @invariant()
    def whoever_sleeps_is_not_told_to_sleep_too_long(self) -> None:
        waits = [model.due_at_ms for model in self.model.values() if self.is_first(model)]
        next_due = self.do(self.stores[0].outbox.next_due_ms())
        assert not waits or (next_due is not None and next_due <= max(min(waits), self.now)), (
            "it may be early, but never late"
        )

    # ---- the model ----

    def line_of(self, model: ModelMessage) -> list[ModelMessage]:
        return [other for other in self.model.values() if other.message.enablement_id == model.message.enablement_id]

    def is_first(self, model: ModelMessage) -> bool:
        """No earlier one of its request is still to go out."""
        return model.state is MessageOutcome.PENDING and not any(
            other.state is MessageOutcome.PENDING and other.message.sequence < model.message.sequence
            for other in self.line_of(model)
        )

    def is_free(self, model: ModelMessage) -> bool:
        return self.is_first(model) and model.due_at_ms <= self.now

    def release_after(self, ended: ModelMessage) -> None:
        """The next of a request is due once the one before has ended."""
        following = [model for model in self.line_of(ended) if self.is_first(model)]
        for model in following:
            model.due_at_ms = self.now

    def held(self, data: st.DataObject) -> ModelMessage:
        """One that somebody holds, though perhaps longer than the lease: until another took it, it is the holder's."""
        holders = sorted((model for model in self.model.values() if model.lease), key=lambda model: model.message.id)
        return data.draw(st.sampled_from(holders))

    def settle(
        self, model: ModelMessage, lease: str, outcome: MessageOutcome, due_at_ms: int = 0, *, is_counted: bool = True
    ) -> Guard | None:
        end = MessageResult(model.message.id, lease, outcome, due_at_ms, is_counted=is_counted)
        return self.do(self.stores[1].commit(self.trade.unit_at(self.now, changes=(end,)), self.trade.company))


class OnPostgres(Deliveries):
    """The same on PostgreSQL."""

    def shelf(self) -> Shelf:
        return PostgresShelf()


SETTINGS = {"deadline": None, "suppress_health_check": list(HealthCheck)}
TestOnSqlite = Deliveries.TestCase
TestOnSqlite.settings = settings(max_examples=deep(8, 50), stateful_step_count=20, **SETTINGS)  # type: ignore[arg-type]
TestOnPostgres = OnPostgres.TestCase
TestOnPostgres.settings = settings(max_examples=deep(4, 25), stateful_step_count=15, **SETTINGS)  # type: ignore[arg-type]
