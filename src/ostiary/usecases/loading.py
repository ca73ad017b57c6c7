"""Loading what a use case judges, or NotFound: another company's is indistinguishable from none."""

from __future__ import annotations

from dataclasses import dataclass

from ostiary.domain.companies import Caller
from ostiary.domain.dossier import Dossier
from ostiary.domain.enablement import OPEN_TO_DOCUMENTS, Enablement
from ostiary.domain.errors import NotFound
from ostiary.domain.ids import is_id
from ostiary.domain.rejections import Rejection
from ostiary.domain.requirements import Assessment
from ostiary.domain.values import quick
from ostiary.usecases.world import World


@quick
@dataclass(frozen=True, slots=True)
class ProductState:
    """An enablement as it stands: what is missing (nothing, once submitted) and what is refused and open."""

    enablement: Enablement
    assessment: Assessment
    rejections: tuple[Rejection, ...] = ()

    @property
    def asks(self) -> bool:
        return self.enablement.status in OPEN_TO_DOCUMENTS


async def load_dossier(world: World, caller: Caller, client_id: str) -> Dossier:
    """Raises NotFound."""
    dossier = await world.storage.dossier(caller.company.id, client_id) if is_id(client_id) else None
    if dossier is None:
        raise NotFound("There is no such client.")
    return dossier


def state_of(world: World, dossier: Dossier, enablement: Enablement) -> ProductState:
    """The enablement judged today."""
    assessment = dossier.assess(enablement, world.catalogues.by_version(), world.today())
    return ProductState(enablement, assessment)
