"""Calls about how a company's page for clients looks, as use cases and back; no decisions."""

from __future__ import annotations

from ostiary.api.reading.brand_bodies import brand_of
from ostiary.api.representation import Representation
from ostiary.api.services import ApiServices
from ostiary.domain.hosted.brand import KeptBrand
from ostiary.usecases.hosted import brand
from ostiary.usecases.transaction import Outcome
from ostiary.web.asgi import ApiRequest
from ostiary.wire.hosted.brand import brand_answer


async def read_brand(services: ApiServices, request: ApiRequest) -> Outcome[KeptBrand]:
    return Outcome(await brand.read_brand(services.context, request.caller))


async def set_brand(services: ApiServices, request: ApiRequest) -> Outcome[KeptBrand]:
    return await brand.set_brand(services.context, request.caller, brand_of(request.body))


async def set_logo(services: ApiServices, request: ApiRequest) -> Outcome[KeptBrand]:
    content: bytes = request.body
    return await brand.set_logo(services.context, request.caller, content, services.redraw_logo)


async def remove_brand(services: ApiServices, request: ApiRequest) -> Outcome[None]:
    return await brand.remove_brand(services.context, request.caller)


def show_brand(services: ApiServices, request: ApiRequest, company_brand: KeptBrand) -> Representation:
    return Representation(brand_answer(company_brand))


def show_none(services: ApiServices, request: ApiRequest, nothing: None) -> Representation:
    return Representation(None)
