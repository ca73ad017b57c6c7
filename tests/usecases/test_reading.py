"""The built-in provider reads what was submitted (drawn pages, the real reader) and does what the policy allows."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from ostiary.adapters.config import catalogue_file
from ostiary.adapters.reader.process import ReaderProcess
from ostiary.domain.companies.company import Environment
from ostiary.domain.documents.document import FRONT, Document, DocumentStatus
from ostiary.domain.documents.reading import Reading, ReadingOutcome
from ostiary.domain.onboarding.enablement import Review, Status
from ostiary.domain.unit import AddLikeness, Unit
from ostiary.domain.verification.picture_similarity import bands
from ostiary.specimens.drawing import specimen
from ostiary.usecases.clients.individuals import update_client
from ostiary.usecases.delivery.deliver import MOST_UNREAD, UNREAD_RETRY_S
from ostiary.usecases.onboarding.add_document import Upload
from tests.house import ACCOUNTS, CARDS, House, open_house
from tests.material import TODAY, picture, profile
from tests.shared_reader import SharedReader

pytestmark = [pytest.mark.heavy, pytest.mark.asyncio(loop_scope="module")]
NUMBER, EXPIRES, BORN = "AR1234567", date(2034, 5, 31), date(1984, 11, 21)


@dataclass(slots=True)
class Counting:
    """A reader that counts, and tells somebody before it reads."""

    reader: SharedReader
    reads: int = 0
    meanwhile: Any = None

    def warm(self) -> None:
        pass

    async def read(
        self, pictures: Sequence[tuple[str, bytes]], formats: Sequence[str], today: date, company_id: str = ""
    ) -> Reading:
        self.reads += 1
        if self.meanwhile is not None:
            await self.meanwhile()
        return await self.reader.read(pictures, formats, today)


@pytest.fixture
def process() -> SharedReader:
    return SharedReader()


@pytest_asyncio.fixture(loop_scope="module")
async def bank(tmp_path: Path, process: SharedReader) -> AsyncIterator[House]:
    """A production company, cards under the policy auto."""
    with open_house(tmp_path / "data") as house:
        yield await founded(house, process)


async def founded(house: House, process: SharedReader) -> House:
    house.caller = await house.found_company("Bank", Environment.PRODUCTION)
    house.context = replace(house.context, reader=Counting(process))
    return house


@contextmanager
def bank_with(folder: Path, policy: str, reads: str = "machine_readable: [TD3]") -> Iterator[House]:
    folder.mkdir()
    own, always = folder / "catalogue.yaml", "always_machine_readable: true"
    source = catalogue_file.default_source().replace("policy: auto", f"policy: {policy}")
    own.write_text(source if reads else source.replace("machine_readable: [TD3]", "").replace(always, ""))
    with open_house(folder / "data", OSTIARY_CATALOGUE=str(own)) as house:
        yield house


def page(seed: int = 1, number: str = NUMBER) -> bytes:
    """Maria's passport."""
    return specimen(
        seed,
        number=number,
        surname="Barber",
        given_names="Maria Julia",
        country="ARG",
        birth_date=BORN,
        expiration_date=EXPIRES,
    )


def passport(front: bytes, number: str = NUMBER, country: str | None = "ARG") -> Upload:
    details = {"number": number, "expiration_date": EXPIRES.isoformat()}
    return Upload("passport", details if country is None else {**details, "issuing_country": country}, front)


async def submitted(house: House, given: Upload, **changes: Any) -> tuple[str, str]:
    client = await house.client(**changes)
    enablement = await house.request(client.id, CARDS)
    assert (await house.send(client.id, enablement.id, given)).rejections == ()
    await house.submit(client.id, enablement.id)
    return client.id, enablement.id


async def newest(house: House, client_id: str) -> Document:
    return max((await house.dossier(client_id)).documents, key=lambda document: document.id)


async def reasons(house: House, client_id: str) -> tuple[str, ...]:
    judgement = (await newest(house, client_id)).judgement
    assert judgement is not None
    return judgement.reasons


async def test_a_passport_that_agrees_in_every_point_is_enabled_and_what_was_seen_is_kept(bank: House) -> None:
    client_id, request = await submitted(bank, passport(page()))
    assert await bank.work() == ["enabled"]
    assert (await bank.enablement(client_id, request)).status is Status.ENABLED
    document = await newest(bank, client_id)
    assert document.reading is not None
    assert document.reading.zone is not None
    assert document.judgement is not None
    assert (document.reading.zone.number, document.reading.zone.surname) == (NUMBER, "BARBER")
    assert document.judgement.outcome is ReadingOutcome.PASS
    assert bank.actions(client_id)[-2:] == ["document_read", "verdict_approve"]
    assert bank.rows("SELECT codes FROM audit_entries WHERE action = 'document_read'") == [("TD3,pass",)]
    assert await bank.context.storage.documents.holds_number(bank.caller.company.id, client_id, document.id)
    assert len(bank.rows("SELECT 1 FROM likenesses")) == len(bands(bytes(72)))


async def test_nothing_that_was_read_lies_in_the_clear(bank: House) -> None:
    await submitted(bank, passport(page()))
    await bank.work()
    for path in bank.parts.settings.data_dir.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert not [word for word in (NUMBER.encode(), b"BARBER", b"P<ARG", b"841121") if word in content], path.name


@pytest.mark.parametrize(
    ("policy", "status", "review"),
    [
        ("auto", Status.ENABLED, None),
        ("assisted", Status.IN_KYC, Review.CONFIRMATION),
        ("manual", Status.IN_KYC, Review.SUBMISSION),
    ],
)
async def test_the_policy_says_what_a_pass_leads_to(
    tmp_path: Path, process: SharedReader, policy: str, status: Status, review: Review | None
) -> None:
    with bank_with(tmp_path / policy, policy) as house:
        ids = await submitted(await founded(house, process), passport(page()))
        assert await house.work() == [status.value]
        enablement = await house.enablement(*ids)
        assert (enablement.status, enablement.review) == (status, review)


@pytest.mark.parametrize(
    ("policy", "status"),
    [("auto", Status.PENDING_DOCUMENTATION), ("assisted", Status.PENDING_DOCUMENTATION), ("manual", Status.IN_KYC)],
)
async def test_a_clear_contradiction_goes_back_to_the_client_unless_people_decide_everything(
    tmp_path: Path, process: SharedReader, policy: str, status: Status
) -> None:
    with bank_with(tmp_path / policy, policy) as house:
        client_id, request = await submitted(await founded(house, process), passport(page(), number="XY7654328"))
        await house.work()
        assert (await house.enablement(client_id, request)).status is status
        assert await reasons(house, client_id) == ("number_doubtful",)
        refused = (await newest(house, client_id)).status is DocumentStatus.REFUSED
        assert refused is (status is Status.PENDING_DOCUMENTATION)
        codes = [refusal.code.value for refusal in (await house.dossier(client_id)).client.refusals]
        assert codes == (["number_mismatch"] if refused else [])


async def test_what_goes_back_holds_no_number(bank: House) -> None:
    client_id, _ = await submitted(bank, passport(page(), number="XY7654328"))
    await bank.work()
    held = bank.rows("SELECT client_id FROM document_numbers")
    assert held == [(client_id,)], "only the one that was typed"


async def test_who_was_sent_back_twice_gets_a_person(bank: House) -> None:
    client_id, request = await submitted(bank, passport(page(), number="XY7654328"))
    for wrong in ("XY7654329", "XY7654320"):
        assert await bank.work() == ["pending_documentation"]
        await bank.send(client_id, request, passport(page(), number=wrong))
        await bank.submit(client_id, request)
    assert await bank.work() == ["in_kyc"]
    assert (await bank.enablement(client_id, request)).review is Review.SUBMISSION
    noted = bank.rows("SELECT codes FROM audit_entries WHERE action = 'review_opened'")
    assert noted == [("returned_before,number_doubtful",)]


async def test_a_document_that_no_machine_reads_is_left_to_a_person_beside_one_that_passes(bank: House) -> None:
    client = await bank.client()
    request = await bank.request(client.id, ACCOUNTS)
    await bank.send(client.id, request.id, passport(page()))
    await bank.send(client.id, request.id, Upload("utility_bill", {}, picture(4)))
    given = profile(
        attributes={
            "occupation": "Teacher",
            "annual_salary": 30_000,
            "account_purpose": "savings",
            "expected_monthly_volume": 900,
            "tax_id": "20267565393",
        }
    )
    await bank.do(update_client, client.id, given)
    await bank.submit(client.id, request.id)
    assert await bank.work() == ["in_kyc"]
    read = [
        (document.type, document.judgement and document.judgement.outcome)
        for document in (await bank.dossier(client.id)).documents
    ]
    assert sorted(read) == [("passport", ReadingOutcome.PASS), ("utility_bill", None)]


async def test_a_catalogue_whose_passports_no_machine_reads_leaves_them_to_people(
    tmp_path: Path, process: SharedReader
) -> None:
    with bank_with(tmp_path / "own", "auto", reads="") as house:
        ids = await submitted(await founded(house, process), passport(page()))
        assert await house.work() == ["in_kyc"]
        assert (await house.enablement(*ids)).review is Review.SUBMISSION
        assert house.rows("SELECT codes FROM audit_entries WHERE action = 'review_opened'") == [
            ("not_machine_readable",)
        ]
        assert house.actions(ids[0]).count("document_read") == 0


async def test_a_page_without_lines_goes_back_for_a_better_picture(bank: House) -> None:
    client_id, _ = await submitted(bank, passport(picture(9)))
    assert await bank.work() == ["pending_documentation"]
    assert await reasons(bank, client_id) == ("lines_not_found",)
    assert bank.rows("SELECT codes FROM audit_entries WHERE action = 'document_read'")[0][0].startswith("not_found,")


async def test_another_client_with_the_same_number_and_picture_is_for_a_person(bank: House) -> None:
    """The number was typed without a country, so that intake held it for the country of residence."""
    await submitted(bank, passport(page()))
    await bank.work()
    address = {"country": "URY", "state": None, "postal_code": None}
    second, _ = await submitted(bank, passport(page(), country=None), email="other@example.com", address=address)
    assert await bank.work() == ["in_kyc"]
    assert await reasons(bank, second) == ("country_doubtful", "used_by_another_client", "looks_like_another")


async def test_a_picture_that_shares_a_band_only_is_no_look_alike(bank: House, process: SharedReader) -> None:
    other, _ = await submitted(bank, passport(page(2, "AR7654321"), number="AR7654321"), email="other@example.com")
    await bank.work()
    ((_, likeness),) = (await process.read([(FRONT, page())], (), TODAY)).likeness
    held = await newest(bank, other)
    unit = Unit(
        bank.caller.company.id,
        bank.clock.now_ms,
        owner=(await bank.dossier(other)).client,
        changes=(AddLikeness(bands(likeness)[0], held.id),),
    )
    assert await bank.context.storage.commit(unit, bank.caller.company) is None
    await submitted(bank, passport(page()))
    assert await bank.work() == ["enabled"]


async def test_a_change_meanwhile_means_deciding_again_but_not_reading_again(bank: House) -> None:
    client_id, request = await submitted(bank, passport(page()))
    reader = bank.context.reader
    assert isinstance(reader, Counting)

    async def call() -> None:
        reader.meanwhile = None
        await bank.do(update_client, client_id, profile(phone_number=1168860623))

    reader.meanwhile = call
    assert await bank.work() == ["enabled"]
    assert (reader.reads, (await bank.enablement(client_id, request)).status) == (1, Status.ENABLED)
    assert bank.actions(client_id).count("verdict_approve") == 1


async def test_while_the_reader_is_away_the_submission_waits_and_at_last_a_person_decides(bank: House) -> None:
    gone = ReaderProcess()
    await gone.close()
    bank.context = replace(bank.context, reader=gone)
    ids = await submitted(bank, passport(page()))
    for _ in range(MOST_UNREAD - 1):
        assert await bank.work() == ["in_kyc"]
        assert (await bank.enablement(*ids)).review is None
        assert await bank.work() == []
        bank.clock.now_ms += UNREAD_RETRY_S * 1000
    assert await bank.work() == ["in_kyc"]
    assert (await bank.enablement(*ids)).review is Review.SUBMISSION
    assert bank.rows("SELECT codes FROM audit_entries WHERE action = 'review_opened'") == [("documents_unavailable",)]


async def test_a_stored_picture_that_was_tampered_with_is_not_read(bank: House) -> None:
    ids = await submitted(bank, passport(page()))
    (path,) = (file for file in (bank.parts.settings.data_dir / "pictures").rglob("*") if file.is_file())
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    assert await bank.work() == ["in_kyc"]
    assert (await bank.enablement(*ids)).review is None
    assert bank.messages("provider") == ["pending"]


async def test_a_sandbox_reads_nothing(tmp_path: Path, process: SharedReader) -> None:
    with open_house(tmp_path / "data") as house:
        house.caller = await house.found_company()
        house.context = replace(house.context, reader=(counting := Counting(process)))
        await submitted(house, passport(picture(3)))
        assert await house.work() == ["enabled"]
        assert counting.reads == 0
