"""Installations whose catalogue takes chips, with a trust store, and documents with chips to send there."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha512
from pathlib import Path

from ostiary.adapters.config import catalogue_file
from ostiary.adapters.trust.importing import plan_import
from ostiary.adapters.trust.sources import read_import
from ostiary.adapters.trust.store import TrustStore, write_store
from ostiary.domain.chip.limits import ChipFile
from ostiary.domain.companies.company import Environment
from ostiary.domain.documents.reading import Reading, Trouble
from ostiary.domain.mrz.parsing import parse
from ostiary.domain.onboarding.enablement import Enablement, Review, Status
from ostiary.specimens.zone_lines import Holder, passport_lines
from ostiary.usecases.onboarding.add_document import Upload
from ostiary.usecases.onboarding.chip_intake import ChipUpload
from tests.chips.builder import HOLDER, BuiltChip, built
from tests.house import CARDS, House, open_house
from tests.material import TODAY, picture

ENABLED, SENT_BACK = (Status.ENABLED, None), (Status.PENDING_DOCUMENTATION, None)
CONFIRMED_BY_A_PERSON, LOOKED_AT = (Status.IN_KYC, Review.CONFIRMATION), (Status.IN_KYC, Review.SUBMISSION)
READ_FRONT, OPTIONAL = "image_front", "chip: optional"


@dataclass(slots=True)
class StandInReader:
    """Reads what it is told to: the reader itself is tested elsewhere, with real pictures."""

    reading: Reading = field(default_factory=lambda: lines_of(HOLDER))
    reads: int = 0

    def warm(self) -> None:
        pass

    async def read(
        self, pictures: Sequence[tuple[str, bytes]], formats: Sequence[str], today: date, company_id: str = ""
    ) -> Reading:
        self.reads += 1
        return self.reading


def lines_of(holder: Holder, certainty: float = 0.99) -> Reading:
    """A passport's lines, read on the front."""
    return Reading(
        parse(passport_lines(holder), TODAY),
        READ_FRONT,
        certainty,
        likeness=((READ_FRONT, sha512(holder.number.encode()).digest() + bytes(8)),),
    )


NOTHING_READ = Reading(None, READ_FRONT, trouble=Trouble.NOT_FOUND)


def catalogue_with(folder: Path, policy: str, chip: str) -> Path:
    """The catalogue that ships, cards under a policy, passports with these keys (`chip: optional`)."""
    path, source = folder / "catalogue.yaml", catalogue_file.default_source()
    form = "    machine_readable: [TD3] "
    assert form in source
    keys = "".join(f"    {key}\n" for key in chip.split("; ") if key)
    path.write_text(source.replace("policy: auto", f"policy: {policy}").replace(form, keys + form))
    return path


def believe(path: Path, *certificates: bytes) -> None:
    """A trust store of these countries."""
    before = store = TrustStore()
    for each in certificates:
        store = plan_import(store, read_import(each), ()).store
    write_store(path, store, instead_of=before)


@contextmanager
def chipped_house(
    folder: Path,
    policy: str = "proven",
    chip: str = OPTIONAL,
    *,
    trusted: Sequence[bytes] | None = None,
    **settings: str,
) -> Iterator[House]:
    """Without a company yet. The trust store has the country of the usual chip, or these; empty: there is none."""
    folder.mkdir(parents=True, exist_ok=True)
    trust = folder / "trust.jsonl"
    if trusted is None or trusted:
        believe(trust, *((built().csca,) if trusted is None else trusted))
    own = catalogue_with(folder, policy, chip)
    with open_house(folder / "data", OSTIARY_CATALOGUE=str(own), OSTIARY_TRUST=str(trust), **settings) as house:
        house.context = replace(house.context, reader=StandInReader())
        yield house


async def founded(house: House, environment: Environment = Environment.PRODUCTION) -> House:
    house.caller = await house.found_company("Bank", environment)
    return house


def chip_upload(chip: BuiltChip | None = None, **changed: bytes) -> ChipUpload:
    """The chip's files, some of them changed; an empty one is left out."""
    files = dict((chip or built()).files) | {ChipFile(name): content for name, content in changed.items()}
    return ChipUpload({name: content for name, content in files.items() if content})


def passport_with(
    chip: ChipUpload | None, front: bytes | None = None, *, number: str = HOLDER.number, pictures: bool = True
) -> Upload:
    """Maria Alvarez' passport."""
    details = {"number": number, "issuing_country": "ARG", "expiration_date": HOLDER.expiration_date.isoformat()}
    return Upload("passport", details, (front or picture()) if pictures else None, chip=chip)


async def sent(house: House, given: Upload, **changes: object) -> tuple[str, Enablement]:
    """A client with a request for cards, and a document sent to it."""
    who = {"first_name": "Maria", "second_name": None, "last_name": "Alvarez", "birth_date": "1984-11-21", **changes}
    client = await house.client(**who)
    request = await house.request(client.id, CARDS)
    state = await house.send(client.id, request.id, given)
    assert state.rejections == ()
    return client.id, request


async def judged(house: House, given: Upload, **changes: object) -> tuple[str, Enablement]:
    """The same submitted, and decided by the worker."""
    client_id, request = await sent(house, given, **changes)
    await house.submit(client_id, request.id)
    await house.work()
    return client_id, await house.enablement(client_id, request.id)


def standing(request: Enablement) -> tuple[Status, Review | None]:
    return request.status, request.review
