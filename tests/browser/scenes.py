"""What the pages of the console show in tests: a company with keys, deliveries of every kind, operators."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.domain.companies.company import Caller, Company
from ostiary.domain.operators.operator import Operator, Role
from ostiary.usecases.companies.companies import create_key, operator_for
from ostiary.usecases.delivery.deliveries import send_test
from ostiary.usecases.delivery.webhook import subscribe_webhook
from tests.console.desk import Desk


@dataclass(frozen=True, slots=True)
class Scene:
    """An admin and what he finds."""

    admin: Operator
    company: Company
    caller: Caller
    key_id: str
    message_id: str

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
    return Scene(admin, company, caller, key.id, delivery.message.id)
