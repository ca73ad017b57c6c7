"""Puts the cases of `cases.py` into a sandbox, through the use cases of a partner's calls and of the worker.

A sandbox company's submissions are decided by scenarios; these are read for real instead, here, so that there is
evidence to look at. May be run again: a client who is there already is left alone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from random import Random
from typing import Any, TypeVar, cast

from ostiary.adapters.similarity import similarity
from ostiary.cli.demo.cases import ACCOUNTS, CASES, LISTED, Course, DemoCase
from ostiary.domain.clients.client import Address, Client, Profile
from ostiary.domain.companies.company import Caller, Company, Environment
from ostiary.domain.delivery.messages import Topic
from ostiary.domain.errors import Refused
from ostiary.domain.onboarding.enablement import Enablement, Status
from ostiary.domain.review.verdicts import Decision, Verdict
from ostiary.domain.screening.matching import DEFAULT_THRESHOLD, ListEntry, likeness
from ostiary.domain.screening.subject import Hit, ListStanding, Screened, Subject
from ostiary.domain.unit import AddMessage
from ostiary.domain.value import replace
from ostiary.usecases.clients.individuals import create_client, update_client
from ostiary.usecases.companies.companies import operator_for
from ostiary.usecases.context import Context
from ostiary.usecases.dossiers import ProductState, load_dossier
from ostiary.usecases.onboarding.add_document import Upload, add_document
from ostiary.usecases.onboarding.products import request_product
from ostiary.usecases.onboarding.submit import submit_product
from ostiary.usecases.review.apply_verdict import apply_verdict
from ostiary.usecases.screening.screen_client import lists_in_force, screen_client
from ostiary.usecases.transaction import Outcome, execute
from ostiary.usecases.verification.decide_submission import decide_submission
from ostiary.usecases.verification.judge_documents import ReadingCache

T = TypeVar("T")
COMPANY_NAME = "Demo cases"
COUNTRY, EXPIRES = "ARG", date(2034, 5, 31)
PHONE = (54, 1168860622)
AFTER_RETURNS = 3
"""The try at which nobody is sent back unasked any more."""
_GLARE = (0.40, 0.60, 0.16, 0.05)
"""Left, top, width and height of a reflection, in shares of a page's width."""
_CUT_SHARE = 0.72
"""Of a page's height, what is left above its machine-readable lines."""


class DemoList:
    """A list that does not exist, compared as a real one is."""

    name = "demo-list"
    most_age_ms = None

    async def version(self) -> str:
        return "demo"

    async def standing(self) -> ListStanding:
        return ListStanding("demo", len(LISTED))

    async def screen(self, subject: Subject, cleared: frozenset[str]) -> Screened:
        """Entries near enough."""
        hits = [hit for each in LISTED if (hit := self._hit(subject, ListEntry(*each))) and hit.entry_id not in cleared]
        return Screened(self.name, "demo", DEFAULT_THRESHOLD, tuple(hits))

    def _hit(self, subject: Subject, entry: ListEntry) -> Hit | None:
        score = likeness(replace_names(subject), entry, similarity)
        if score < DEFAULT_THRESHOLD:
            return None
        return Hit(
            list=self.name,
            version="demo",
            entry_id=entry.id,
            name=entry.names[0],
            score=round(score, 3),
            threshold=DEFAULT_THRESHOLD,
            topics=entry.topics,
            birth_dates=entry.birth_dates,
            countries=entry.countries,
        )

    async def close(self) -> None:
        return None


def replace_names(subject: Subject) -> Subject:
    """Without the country: residence says little, and everybody here lives in one."""
    return Subject(subject.names, subject.birth_date, ())


@dataclass(slots=True)
class Filling:
    """The company that is filled. `context` has the demo's list besides."""

    context: Context
    company_id: str

    async def caller(self) -> Caller:
        return await operator_for(self.context, self.company_id, "demo")

    async def do(self, use_case: Callable[..., Awaitable[Outcome[T]]], *arguments: object) -> T:
        caller = await self.caller()
        return await execute(self.context, caller, lambda: use_case(self.context, caller, *arguments))


def filling(context: Context, company: Company, *, with_list: bool) -> Filling:
    """With the demo's list, or without any: who is to be enabled first must not be on one yet."""
    return Filling(_with_lists(context, (DemoList(),) if with_list else ()), company.id)


def _with_lists(context: Context, lists: tuple[DemoList, ...]) -> Context:
    from dataclasses import replace as with_changes

    return with_changes(context, lists=lists, wake=lambda: None)


async def fill(
    context: Context, company: Company, done: Callable[[int, int], None], numbers: Collection[int] = ()
) -> int:
    """Makes the cases that are not there yet, or those of them with these numbers; how many. `done` hears of each, and
    of how many."""
    fresh = 0
    for number, case in enumerate(CASES, 1):
        if numbers and number not in numbers:
            continue
        if await context.storage.clients.by_reference(company.id, reference(number)) is None:
            await _make(context, company, number, case)
            fresh += 1
        done(number, len(CASES))
    return fresh


def reference(number: int) -> str:
    """By which a case's client is known again."""
    return f"demo-case-{number:02}"


async def _make(context: Context, company: Company, number: int, case: DemoCase) -> None:
    is_enabled_first = case.course in (Course.CHANGED, Course.LISTED_LATER)
    desk = filling(context, company, with_list=not is_enabled_first)
    client = await desk.do(create_client, _profile(number, case))
    request = (await desk.do(request_product, client.id, case.product)).enablement
    for upload in _uploads(number, case):
        state: ProductState = await desk.do(add_document, client.id, request.id, upload)
        if state.rejections and not case.same_number:
            raise Refused(f"A document of the case “{case.title}” was not taken: {state.rejections[0].reason}")
    if case.same_number:
        return  # it waits as it is: whose the number is has to be decided
    await desk.do(_submitted, client.id, request.id)
    if is_enabled_first:
        await desk.do(apply_verdict, client.id, request.id, Verdict(Decision.APPROVE))
        await _afterwards(context, company, number, case, client)
        return
    await desk.do(_read, client.id, request.id, case.course is Course.SECOND_TRY)


async def _afterwards(context: Context, company: Company, number: int, case: DemoCase, client: Client) -> None:
    desk = filling(context, company, with_list=True)
    if case.course is Course.CHANGED:
        changed = replace(_profile(number, case), last_name=case.typed["changed_last_name"])
        await desk.do(update_client, client.id, changed)
        return
    await screen_client(desk.context, await desk.caller(), client.id, await lists_in_force(desk.context))


async def _submitted(context: Context, caller: Caller, client_id: str, enablement_id: str) -> Outcome[ProductState]:
    """Submitted, and nobody asked for a verdict: the worker of the service would play a scenario."""
    decided = await submit_product(context, caller, client_id, enablement_id)
    if decided.answer.enablement.status is not Status.IN_KYC or decided.unit is None:
        missing = [each.requirement.id for each in decided.answer.assessment.documents]
        raise Refused(f"A case of the demo is not complete: {', '.join(missing) or 'data'} is missing.")
    kept_changes = tuple(
        each
        for each in decided.unit.changes
        if not (isinstance(each, AddMessage) and each.message.topic is not Topic.WEBHOOK)
    )
    return Outcome(decided.answer, replace(decided.unit, changes=kept_changes))


async def _read(
    context: Context, caller: Caller, client_id: str, enablement_id: str, is_after_returns: bool
) -> Outcome[Enablement]:
    """Read and judged as a production company's submission is."""
    dossier = await load_dossier(context, caller, client_id)
    request = dossier.enablement(enablement_id)
    tried = replace(request, attempt=AFTER_RETURNS) if is_after_returns else request
    real = replace(caller, company=replace(caller.company, environment=Environment.PRODUCTION))
    return await decide_submission(context, real, dossier, tried, cast(Any, None), ReadingCache())


def _profile(number: int, case: DemoCase) -> Profile:
    """As it was typed."""
    attributes: dict[str, str | int | float | bool] = {"occupation": "Teacher"}
    if case.product == ACCOUNTS:
        attributes |= {
            "annual_salary": 42_000,
            "account_purpose": "salary",
            "expected_monthly_volume": 3_000,
            "tax_id": "20055361682",
        }
    return Profile(
        first_name=case.typed.get("first_name", case.first_name),
        last_name=case.typed.get("last_name", case.last_name),
        email=f"demo.case.{number:02}@example.com",
        birth_date=case.typed.get("birth_date", case.birth.isoformat()),
        address=Address("Florida 9860", "Del Viso", COUNTRY, postal_code="1669", state="ARG-B"),
        phone_country_code=PHONE[0],
        phone_number=PHONE[1] + number,
        attributes=attributes,
        reference=reference(number),
    )


def _uploads(number: int, case: DemoCase) -> list[Upload]:
    details: dict[str, object] = {
        "number": case.typed.get("number", case.number),
        "issuing_country": COUNTRY,
        "expiration_date": case.typed.get("expiration_date", EXPIRES.isoformat()),
    }
    uploads = [Upload(case.kind, details, _page(number, case), _back(number, case))]
    if case.product == ACCOUNTS:
        uploads.append(Upload("utility_bill", {}, _bill(number)))
    return uploads


def _drawn(number: int, case: DemoCase, side: str = "front") -> bytes:
    from ostiary.specimens.drawing import specimen

    if case.like and not case.same_number:
        number, case = case.like, CASES[case.like - 1]
    return specimen(
        number,
        kind=case.kind,
        side=side,
        number=case.number,
        surname=case.last_name,
        given_names=case.first_name,
        country=COUNTRY,
        birth_date=case.birth,
        expiration_date=EXPIRES,
    )


def _page(number: int, case: DemoCase) -> bytes:
    """The side with the face, as the client's telephone took it."""
    from PIL import Image, ImageDraw

    drawn = _drawn(number, case)
    if not case.has_glare and not case.is_cut and not case.like:
        return drawn
    picture = Image.open(BytesIO(drawn)).convert("RGB")
    if case.has_glare:
        left, top, wide, high = (round(share * picture.width) for share in _GLARE)
        ImageDraw.Draw(picture).ellipse((left, top, left + wide, top + high), fill=(255, 255, 255))
    if case.is_cut:
        picture = picture.crop((0, 0, picture.width, round(picture.height * _CUT_SHARE)))
    out = BytesIO()
    picture.save(out, "JPEG", quality=88)
    return out.getvalue()


def _back(number: int, case: DemoCase) -> bytes | None:
    return _drawn(number, case, "back") if case.kind == "national_id" else None


def _bill(number: int) -> bytes:
    """Paper with print that means nothing."""
    from PIL import Image, ImageDraw

    chance = Random(number)  # noqa: S311 (the same number shall give the same bill)
    paper = Image.new("RGB", (1000, 1400), (242, 241, 236))
    pen = ImageDraw.Draw(paper)
    pen.rectangle((60, 60, 940, 150), fill=(40, 88, 120))
    for top in range(220, 1300, 44):
        left = 80
        while left < 880:
            wide = chance.randrange(20, 90)
            pen.rectangle((left, top, left + wide, top + 16), fill=(60, 60, 66))
            left += wide + chance.randrange(8, 60)
    out = BytesIO()
    paper.save(out, "JPEG", quality=85)
    return out.getvalue()
