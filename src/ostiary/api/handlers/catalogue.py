"""The catalogue, as a company reads it."""

from __future__ import annotations

from ostiary.api.representation import Representation
from ostiary.api.services import ApiServices
from ostiary.api.speaking import speech_of
from ostiary.domain.errors import Fault, ValidationFailed
from ostiary.domain.sentences import joined
from ostiary.usecases.transaction import Outcome
from ostiary.web.asgi import ApiRequest
from ostiary.wire.catalogue import catalogue_answer


async def read_catalogue(services: ApiServices, request: ApiRequest) -> Outcome[str | None]:
    country = request.query.get("country")
    if country is not None and (problem := services.context.lookups.country_fault(country)):
        raise ValidationFailed(faults=(Fault("country", "VALUE_INVALID", joined(("country", problem))),))
    return Outcome(country)


def show_catalogue(services: ApiServices, request: ApiRequest, country: str | None) -> Representation:
    context = services.context
    return Representation(
        catalogue_answer(
            context.catalogues.current, context.limits, services.max_body_bytes, country, speech_of(request)
        )
    )
