"""Random sequences of calls against the real use cases: what holds whatever happens, in whatever order."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Coroutine
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from ostiary.domain.clients.client import ClientStatus
from ostiary.domain.documents.document import DocumentStatus, number_key
from ostiary.domain.documents.pictures import PictureFindings
from ostiary.domain.errors import Refused
from ostiary.domain.onboarding.dossier import Dossier
from ostiary.domain.onboarding.enablement import OPEN_TO_DOCUMENTS, TRANSITIONS, Enablement, Review, Status
from ostiary.domain.onboarding.next_action import Owner, next_action
from ostiary.domain.rejections import Code, Kind, reject
from ostiary.domain.review.verdicts import Decision
from ostiary.domain.times import DAY_MS, day_of
from ostiary.usecases.clients.individuals import update_client
from ostiary.usecases.context import Pictures
from ostiary.usecases.delivery.webhook import subscribe_webhook
from ostiary.usecases.dossiers import state_of
from ostiary.usecases.onboarding.add_document import Upload
from ostiary.usecases.onboarding.products import withdraw_product
from ostiary.usecases.onboarding.submit import submit_product
from ostiary.usecases.verification.numbers import Assignment, decide_number
from tests.depth import deep
from tests.house import ACCOUNTS, CARDS, House, open_house
from tests.material import dark_picture, picture, profile

EXAMPLES, STEPS = deep(15, 100), deep(30, 50)
CLIENTS = 3
PRODUCTS = (CARDS, ACCOUNTS)
NUMBERS = ["AB1234567", "CD7654321", "RETRY123", "REJECT12", "REVIEW12", "REVIEW34", "SLOW1234"]
DECISIONS = [Decision.APPROVE, Decision.RETURN, Decision.REJECT]
ANY = st.integers(0, 10_000)
_measured: dict[bytes, PictureFindings] = {}


@dataclass
class Remembering:
    """The real pictures, except that each is measured once in all runs."""

    real: Pictures

    async def measure(self, company_id: str, content: bytes) -> PictureFindings:
        if content not in _measured:
            _measured[content] = await self.real.measure(company_id, content)
        return _measured[content]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)


def typed_profile(number: int, phone: bool, changed: bool) -> Any:
    attributes = {
        "occupation": "Teacher",
        "annual_salary": "1000",
        "account_purpose": "savings",
        "expected_monthly_volume": 10,
        "tax_id": "20-05536168-2",
    }
    full = profile(email=f"c{number}@example.com", attributes=attributes, first_name="Mary" if changed else "Maria")
    return full if phone else replace(full, phone_country_code=None, phone_number=None)


class Onboarding(RuleBasedStateMachine):
    """Clients of one company with two products, a provider that decides, and time that passes."""

    def __init__(self) -> None:
        super().__init__()
        self.open = ExitStack()
        self.run: Callable[[Coroutine[Any, Any, Any]], Any] = self.open.enter_context(asyncio.Runner()).run
        self.clients: list[str] = []
        self.seen: dict[str, Enablement] = {}

    @initialize(hooked=st.booleans())
    def open_the_house(self, hooked: bool) -> None:
        folder = Path(tempfile.mkdtemp(prefix="ostiary-property-"))
        self.open.callback(shutil.rmtree, folder)
        self.house: House = self.open.enter_context(open_house(folder / "data"))
        self.house.context = replace(self.house.context, pictures=Remembering(self.house.context.pictures))
        self.house.caller = self.run(self.house.found_company())
        if hooked:
            self.run(self.house.do(subscribe_webhook, "https://example.com/", "key", lambda url, plain: None))
            self.run(self.house.refresh())
        for at, product in enumerate(PRODUCTS):
            self.create(True)
            self.request(at, product)

    def teardown(self) -> None:
        self.open.close()

    # ---- what can be done ----

    def attempt(self, call: Coroutine[Any, Any, Any]) -> Any:
        """A call that a rule may refuse."""
        with suppress(Refused):
            return self.run(call)

    def pick(self, any_number: int, *statuses: Status) -> tuple[str, str]:
        """Some enablement, in one of some statuses if there is one: its client's id and its own."""
        enablements = self.seen.values()
        wanted = [
            enablement for enablement in enablements if enablement.status in (statuses or OPEN_TO_DOCUMENTS)
        ] or list(enablements)
        if any_number % 7 == 0:  # also what makes no sense is tried
            wanted = list(enablements)
        ids = sorted((enablement.client_id, enablement.id) for enablement in wanted)
        return ids[any_number % len(ids)]

    @precondition(lambda self: len(self.clients) < CLIENTS)
    @rule(phone=st.booleans())
    def another(self, phone: bool) -> None:
        self.create(phone)

    def create(self, phone: bool) -> None:
        changes = typed_profile(len(self.clients), phone, False)
        client = self.run(self.house.client(**{name: getattr(changes, name) for name in ("email", "attributes")}))
        self.clients.append(client.id)
        self.run(self.house.do(update_client, client.id, changes))

    @precondition(lambda self: self.clients)
    @rule(which=ANY, phone=st.booleans(), changed=st.booleans())
    def update(self, which: int, phone: bool, changed: bool) -> None:
        at = which % len(self.clients)
        self.attempt(self.house.do(update_client, self.clients[at], typed_profile(at, phone, changed)))

    @precondition(lambda self: self.clients)
    @rule(which=ANY, product=st.sampled_from([CARDS, ACCOUNTS]))
    def ask(self, which: int, product: str) -> None:
        self.request(which, product)

    def request(self, which: int, product: str) -> None:
        self.attempt(self.house.request(self.clients[which % len(self.clients)], product))

    @precondition(lambda self: self.seen)
    @rule(
        which=ANY,
        kind=st.sampled_from(["passport", "passport", "national_id", "utility_bill", "bank_statement"]),
        number=st.sampled_from(NUMBERS),
        days=st.sampled_from([None, -1, 0, 30]),
        seed=st.integers(0, 3),
        dark=st.integers(0, 4),
    )
    def upload(self, which: int, kind: str, number: str, days: int | None, seed: int, dark: int) -> None:
        details: dict[str, object] = {}
        if kind in ("passport", "national_id"):
            details = {"number": number, "issuing_country": "ARG"}
            if days is not None:
                last = self.house.clock.now_ms + days * DAY_MS
                details["expiration_date"] = day_of(last).isoformat()
        front = picture(seed) if dark else dark_picture(seed)
        back = picture(seed + 100) if kind == "national_id" else None
        self.attempt(self.house.send(*self.pick(which), Upload(kind, details, front, back)))

    @precondition(lambda self: self.seen)
    @rule(which=ANY)
    def submit(self, which: int) -> None:
        self.attempt(self.house.submit(*self.pick(which)))

    @precondition(lambda self: self.seen)
    @rule(which=ANY, number=st.sampled_from(NUMBERS), seed=st.integers(0, 3))
    def hurry(self, which: int, number: str, seed: int) -> None:
        """All that is asked for, good, and submitted: otherwise chance rarely gets that far."""
        client_id, enablement_id = self.pick(which)
        at = self.clients.index(client_id)
        self.attempt(self.house.do(update_client, client_id, typed_profile(at, True, False)))
        details = {"number": f"{number}{at}"}
        for given in (Upload("passport", details, picture(seed)), Upload("utility_bill", {}, picture(seed + 50))):
            self.attempt(self.house.send(client_id, enablement_id, given))
        self.attempt(self.house.submit(client_id, enablement_id))

    @precondition(lambda self: self.seen)
    @rule(which=ANY)
    def withdraw(self, which: int) -> None:
        if which % 3:
            return  # what is withdrawn has no future
        self.attempt(self.house.do(withdraw_product, *self.pick(which)))

    @precondition(lambda self: self.seen)
    @rule(
        which=ANY,
        decision=st.sampled_from(DECISIONS * 5 + [Decision.REJECT_CLIENT]),
        code=st.sampled_from([Code.IMAGE_BLURRED, Code.NUMBER_MISMATCH]),
        about=st.sampled_from(["passport", "national_id", "utility_bill", "phone", "first_name", "moon_phase"]),
    )
    def judge(self, which: int, decision: Decision, code: Code, about: str) -> None:
        kind = Kind.DOCUMENT if about in ("passport", "national_id", "utility_bill") else Kind.DATA
        problem = reject(kind, about, code, "image_front")
        self.attempt(self.house.judge(*self.pick(which, Status.IN_KYC, Status.ENABLED), decision, problem))

    @precondition(lambda self: self.clashes())
    @rule(which=ANY, is_own=st.booleans())
    def decide_number(self, which: int, is_own: bool) -> None:
        """An operator says whose the number is that two clients gave."""
        waiting = self.clashes()[which % len(self.clashes())]
        ids = (waiting.client_id, waiting.id)
        look = self.run(self.house.look(*ids))
        shared = [number for number in look.shared if number.holds]
        if shared:
            to = waiting.client_id if is_own else shared[0].client_id
            self.run(
                decide_number(
                    self.house.context, self.house.caller, *ids, Assignment(shared[0].document_id, to, "seen")
                )
            )

    def clashes(self) -> list[Enablement]:
        return [enablement for enablement in self.seen.values() if enablement.review is Review.CLASH]

    @rule()
    def work(self) -> None:
        self.run(self.house.work())

    @rule(ms=st.sampled_from([1000, 20_000, DAY_MS, 40 * DAY_MS]))
    def wait(self, ms: int) -> None:
        self.house.clock.now_ms += ms

    # ---- what holds ----

    @invariant()
    def everything_holds(self) -> None:
        if hasattr(self, "house"):
            for client_id in self.clients:
                self.run(self.check(self.run(self.house.dossier(client_id))))
            self.check_numbers()
            self.check_notifications()
            self.house.actions(self.house.caller.company.id)

    async def check(self, dossier: Dossier) -> None:
        live = Counter(enablement.product for enablement in dossier.enablements if enablement.is_live)
        assert all(count == 1 for count in live.values())
        enabled = any(enablement.status is Status.ENABLED for enablement in dossier.enablements)
        assert (dossier.client.status is ClientStatus.ACTIVE) is enabled
        assert dossier.client.status is not ClientStatus.REJECTED or not live
        assert self.house.actions(dossier.client.id)[0] == "client_created"
        for enablement in dossier.enablements:
            await self.check_enablement(dossier, enablement)
            self.check_way(self.seen.get(enablement.id), enablement)
            self.seen[enablement.id] = enablement

    async def check_enablement(self, dossier: Dossier, enablement: Enablement) -> None:
        """No dead end, and nothing missing exactly when a submission advances."""
        assessment = state_of(self.house.context, self.house.caller.company, dossier, enablement).assessment
        state = state_of(self.house.context, self.house.caller.company, dossier, enablement)
        step = next_action(enablement, assessment, may_request_again=state.may_request_again)
        is_over = enablement.status is Status.REJECTED and not state.may_request_again
        assert (step.owner is Owner.NOBODY) is (
            is_over or (enablement.status is Status.ENABLED and enablement.review is None)
        )
        offered = self.house.context.catalogues.current.products
        assert is_over or enablement.status is not Status.REJECTED or dossier.may_request(enablement.product, offered)
        assert bool(step.missing) is (step.action in ("complete_documentation", "update_client"))
        if enablement.status in OPEN_TO_DOCUMENTS:
            would_be = (
                await submit_product(self.house.context, self.house.caller, enablement.client_id, enablement.id)
            ).answer
            assert (would_be.enablement.status is Status.IN_KYC) is assessment.is_complete

    @staticmethod
    def check_way(before: Enablement | None, after: Enablement) -> None:
        """Every change of status is one of the table, counted once."""
        if before is None or before == after:
            return
        ways = {to for (status, _), to in TRANSITIONS.items() if status is before.status}
        assert after.status is before.status or after.status in ways
        assert after.sequence - before.sequence == (after.status is not before.status)
        submitted = after.status is Status.IN_KYC and before.status is not Status.IN_KYC
        assert after.attempt - before.attempt == submitted

    def check_numbers(self) -> None:
        """Every accepted document of a unique type of a client with a live request holds its number, and no other
        client has it; nobody else's does."""
        holders: dict[str, str] = {}
        for client_id in self.clients:
            dossier = self.run(self.house.dossier(client_id))
            for document in dossier.documents if any(each.is_live for each in dossier.enablements) else ():
                kind = self.house.context.catalogues.current.document_types[document.type]
                key = number_key(kind, document.metadata, "ARG")
                if key is not None and document.status is DocumentStatus.ACCEPTED:
                    assert holders.setdefault(key, client_id) == client_id
                    held = self.run(self.house.context.storage.documents.number_holder(document.company_id, key))
                    assert held == client_id

    def check_notifications(self) -> None:
        """One notification of the provider for each submission."""
        counted = dict(
            self.house.rows(
                "SELECT enablement_id, count(*) FROM messages WHERE topic = 'provider' GROUP BY enablement_id"
            )
        )
        assert counted == {enablement.id: enablement.attempt for enablement in self.seen.values() if enablement.attempt}


TestOnboarding = Onboarding.TestCase
TestOnboarding.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
