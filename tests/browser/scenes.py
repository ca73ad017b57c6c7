"""What the pages of the console show in tests: a company with keys, deliveries of every kind, operators."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from zlib import crc32

from ostiary.adapters.config.catalogue_file import default_source, parse
from ostiary.domain.chip.limits import ChipFile
from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.operators.operator import Operator, Role
from ostiary.domain.times import DAY_MS
from ostiary.specimens.chip.chips import specimen_chip
from ostiary.usecases.catalogue.publish import PublicationWish, publish, publisher
from ostiary.usecases.companies.companies import create_key, operator_for
from ostiary.usecases.delivery.deliveries import send_test
from ostiary.usecases.delivery.webhook import subscribe_webhook
from ostiary.usecases.onboarding.add_document import Upload
from ostiary.usecases.onboarding.chip_intake import ChipUpload
from ostiary.usecases.transaction import carried_out
from tests.chips.builder import HOLDER
from tests.console.cases import waiting
from tests.console.desk import Desk
from tests.console.test_chip_cases import with_chip
from tests.kept.chip import CHIP_EVIDENCE
from tests.material import picture

STRICTER = parse(default_source().replace("minimum_age: 18", "minimum_age: 21"), "stricter", is_kept=True)


@dataclass(frozen=True, slots=True)
class Scene:
    """An admin and what he finds."""

    admin: Operator
    company: Company
    caller: Caller
    key_id: str
    message_id: str
    versions: tuple[str, str]

    @property
    def place(self) -> str:
        return f"/console/companies/{self.company.id}"

    def pages(self) -> dict[str, str]:
        """Every page that somebody who is signed in opens, by what it shows."""
        return {
            "companies": "/console/companies",
            "figures": "/console/figures",
            "company": self.place,
            "brand": f"{self.place}/brand",
            "deliveries": f"{self.place}/deliveries",
            "no deliveries": f"{self.place}/deliveries?state=dropped",
            "delivery": f"{self.place}/deliveries/{self.message_id}",
            "audit": f"{self.place}/audit",
            "operators": "/console/operators",
            "operator": f"/console/operators/{self.admin.id}",
            "operators trail": "/console/operators-trail",
            "sessions": "/console/sessions",
            "about": "/console/about",
            "trust": "/console/trust",
            "catalogue history": "/console/catalogue",
            "no difference": "/console/catalogue/difference",
            "difference": f"/console/catalogue/difference?old={self.versions[0]}&new={self.versions[1]}",
            "erasures": f"{self.place}/erasures",
            "nobody due": f"{self.place}/due",
            "nothing due": f"{self.place}/renewals",
            "doctor": "/console/doctor",
            "audit search": "/console/audit",
            "saved views": "/console/queue/views",
            "no such page": "/console/nothing",
        }


async def scene_of(desk: Desk, name: str) -> Scene:
    """A scene whose people and companies have this name among theirs: others are not met."""
    context = desk.parts.context
    company = await desk.company(f"Acme {name}")
    caller = await operator_for(context, company.id, "setup")
    key = (await desk.commit(caller, await create_key(context, caller, 3, ("203.0.113.0/24",)))).key
    await desk.commit(
        caller, await subscribe_webhook(context, caller, "https://example.com/hook", "key", lambda url, local: None)
    )
    caller = await operator_for(context, company.id, "setup")
    delivery = await desk.commit(caller, await send_test(context, caller))
    admin = await desk.operator(f"Ada {name}")
    await desk.operator(f"Vic {name}", Role.VIEWER, company.id)
    return Scene(admin, company, caller, key.id, delivery.message.id, await versions_of(desk, admin))


async def chip_case(desk: Desk, name: str) -> tuple[Operator, str]:
    """A reviewer, and the case of a client whose passport came with its chip and the portrait on it."""
    company = await desk.company(f"Acme {name}")
    chip = specimen_chip(HOLDER, is_card=False, variant="genuine", now=datetime.now(UTC))
    sent = Upload(
        "passport",
        {"number": f"UT{crc32(name.encode()) % 10**7:07}"},
        picture(7),
        chip=ChipUpload({ChipFile(file): content for file, content in chip.files.items()}),
    )
    request = await waiting(desk, company, "chip_signer_unknown", "chip_presence_unknown", sent=(sent,))
    await with_chip(desk, request, CHIP_EVIDENCE)
    return await desk.operator(f"Rae {name}", Role.REVIEWER, company.id), request.place


async def versions_of(desk: Desk, admin: Operator) -> tuple[str, str]:
    """The version in force, and another that somebody proposed: one more line of the history."""
    context = desk.parts.context
    wish = PublicationWish("Of age at 21, by a new law", context.now_ms() + 3650 * DAY_MS)
    caller = await publisher(context, admin.name, needs_two=True)
    use_case = partial(publish, catalogue=STRICTER, wish=wish, needs_two=True)
    proposed = await carried_out(context, caller, use_case)
    return context.catalogues.current.version, proposed.version
