"""Whether companies' webhooks can be reached: the name is resolved and a connection made, but nothing is sent.

Only addresses that a delivery could go to are tried, so that looking opens no more of the network than delivering.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from urllib.parse import urlsplit

from ostiary.adapters.http_client.addresses import may_reach, url_fault
from ostiary.cli.doctor.machine import DoctorFinding, ok, problem, warning
from ostiary.domain.companies.company import Company, IpNetwork

REACHED_WITHIN_S = 3
SIDE_BY_SIDE = 16
MOST_TRIED = 200
"""More would keep the reader waiting; the rest are counted."""
NAME_CHARACTERS = 30
_HTTPS_PORT, _HTTP_PORT = 443, 80
_ALLOW = "If it is meant to be inside your network, name that network in OSTIARY_ALLOWED_PRIVATE_NETWORKS."
_RETRIED = "Deliveries are kept and tried again for three days; tell the company."


async def webhooks(
    companies: Sequence[Company], allowed: tuple[IpNetwork, ...], in_sandbox: tuple[IpNetwork, ...] | None = None
) -> list[DoctorFinding]:
    """A finding for each company that has a webhook. Private networks in `allowed` are open, to sandbox companies those
    in `in_sandbox` if it is given."""
    subscribed = [company for company in companies if company.webhook.url is not None]
    if not subscribed:
        return [ok("webhooks", f"none of {_count(len(companies), 'company', 'companies')} has one")]
    room = asyncio.Semaphore(SIDE_BY_SIDE)
    outcomes = await asyncio.gather(
        *(
            _try_in_turn(company, in_sandbox if company.is_sandbox and in_sandbox is not None else allowed, room)
            for company in subscribed[:MOST_TRIED]
        )
    )
    if len(subscribed) > MOST_TRIED:
        outcomes.append(ok("webhooks", f"{len(subscribed) - MOST_TRIED} more were not tried"))
    return outcomes


async def _try_in_turn(company: Company, allowed: tuple[IpNetwork, ...], room: asyncio.Semaphore) -> DoctorFinding:
    async with room:
        return await _try(company, allowed)


async def _try(company: Company, allowed: tuple[IpNetwork, ...]) -> DoctorFinding:
    url = company.webhook.url or ""
    check, host = f"webhook of {company.name[:NAME_CHARACTERS]}", urlsplit(url).hostname or ""
    if fault := url_fault(url, company.is_sandbox, allowed):
        return problem(check, f"its address {fault}", "The company has to subscribe with another one. " + _ALLOW)
    port = urlsplit(url).port or (_HTTPS_PORT if url.startswith("https") else _HTTP_PORT)
    try:
        async with asyncio.timeout(REACHED_WITHIN_S):
            addresses = await _resolve(host, port)
    except (OSError, TimeoutError):
        return warning(check, f"the name {host} cannot be resolved", f"Check this machine's DNS. {_RETRIED}")
    open_to_us = [address for address in addresses if may_reach(address, allowed)]
    if not open_to_us:
        return problem(check, f"{host} lies in a private network ({', '.join(addresses)})", _ALLOW)
    for address in open_to_us:
        if await _connects(address, port):
            return ok(check, f"{host} answers at {address} port {port}")
    return warning(check, f"{host} does not answer at port {port} within {REACHED_WITHIN_S} s", _RETRIED)


async def _resolve(host: str, port: int) -> list[str]:
    addresses = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(where[0]) for *_, where in addresses))


async def _connects(address: str, port: int) -> bool:
    """Whether something takes a connection at an address (not a name: it was judged, and must not change)."""
    try:
        async with asyncio.timeout(REACHED_WITHIN_S):
            _, writer = await asyncio.open_connection(address, port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


def _count(number: int, single: str, many: str) -> str:
    return f"{number} {single if number == 1 else many}"
