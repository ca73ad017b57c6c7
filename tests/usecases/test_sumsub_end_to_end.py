"""A submission to Sumsub and back: use cases, the real adapter, and a server that checks what it is sent."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ostiary.domain.companies.company import Environment
from ostiary.domain.onboarding.enablement import Status
from ostiary.domain.providers.provider import SignatureInvalid
from ostiary.usecases.providers.receive_verdict import Heard, receive_verdict
from tests.adapters.sumsub_server import settings, sumsub
from tests.house import House, open_house, upload
from tests.provided import catalogue


def configured(folder: Path, url: str) -> dict[str, str]:
    usual = settings(url)
    for name, content in (("token", usual.app_token), ("key", usual.secret_key), ("hook", usual.webhook_secrets[0])):
        (folder / name).write_text(content)
    path = folder / "providers.yaml"
    path.write_text(
        f"providers:\n  acme:\n    kind: sumsub\n    base_url: {url}\n    app_token_file: token\n"
        "    secret_key_file: key\n    webhook_secret_files: [hook]\n    levels: {cards_individuals: "
        + next(iter(usual.levels.values()))
        + "}\n"
    )
    return {
        "OSTIARY_CATALOGUE": str(catalogue(folder)),
        "OSTIARY_PROVIDERS": str(path),
        "OSTIARY_PUBLIC_URL": "https://kyc.example.com",
    }


async def tell(house: House, reference: str, level: str, **result: object) -> Heard:
    """What Sumsub posts when it has reviewed, signed by digest."""
    body = json.dumps(
        {
            "applicantId": "a1",
            "externalUserId": reference,
            "type": "applicantReviewed",
            "levelName": level,
            "reviewStatus": "completed",
            "createdAtMs": _moment(house.clock.now_ms + 1_000),
            "reviewResult": result,
        }
    ).encode()
    secret = settings().webhook_secrets[0].encode()
    headers = {
        "x-payload-digest": hmac.new(secret, body, hashlib.sha256).hexdigest(),
        "x-payload-digest-alg": "HMAC_SHA256_HEX",
    }
    provider = house.context.providers["acme"]
    with pytest.raises(SignatureInvalid):
        provider.parse_webhook({**headers, "x-payload-digest": "0" * 64}, body, house.clock.now_ms)
    verdict = provider.parse_webhook(headers, body, house.clock.now_ms)
    assert verdict is not None
    return await receive_verdict(house.context, "acme", verdict)


def _moment(ms: int) -> str:
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]


async def test_sent_returned_mended_sent_again_and_enabled(tmp_path: Path) -> None:
    async with sumsub() as server:
        with open_house(tmp_path / "data", **configured(tmp_path, server.url)) as house:
            house.caller = await house.found_company("Real", Environment.PRODUCTION)
            client_id, enablement_id = ids = await house.submitted()
            level = next(iter(settings().levels.values()))
            reference = f"{house.caller.company.id}.{client_id}.{enablement_id}"
            assert await house.work() == ["delivered"]
            assert len(server.of(reference).active()) == 1
            red = {
                "reviewAnswer": "RED",
                "reviewRejectType": "RETRY",
                "rejectLabels": ["LOW_QUALITY"],
                "moderationComment": "Too dark.",
                "clientComment": "agent 7",
            }
            server.of(reference).status = "completed"
            assert await tell(house, reference, level, **red) is Heard.APPLIED
            enablement = await house.enablement(*ids)
            assert (enablement.status, enablement.private_note) == (
                Status.PENDING_DOCUMENTATION,
                "LOW_QUALITY. agent 7",
            )
            house.clock.now_ms += 60_000
            await house.send(*ids, upload(seed=8))
            await house.submit(*ids)
            assert await house.work() == ["delivered"]
            assert await tell(house, reference, level, reviewAnswer="GREEN") is Heard.APPLIED
            assert (await house.enablement(*ids)).status is Status.ENABLED
            await house.parts.close_connections()
