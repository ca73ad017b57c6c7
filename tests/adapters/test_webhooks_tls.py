"""Why a delivery over TLS did not go out, in words that say where to look."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ostiary.adapters.webhooks.sender import WebhookSender
from ostiary.domain.delivery.messages import SendResult
from tests.servers.sockets import taking

LOOPBACK = (ip_network("127.0.0.0/8"),)
YEAR = timedelta(days=365)


def certified(folder: Path, *, ends: datetime) -> ssl.SSLContext:
    """A server's context with a certificate for 127.0.0.1 that nobody signed but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends - YEAR)
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "certificate.pem"
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(private + certificate.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


@asynccontextmanager
async def listening(context: ssl.SSLContext | None) -> AsyncIterator[int]:
    """The port of a server that never answers a call; `None`: it does not speak TLS at all."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()

    async with taking(take, context) as port:
        yield port


async def sent(port: int) -> SendResult:
    sender = WebhookSender(LOOPBACK)
    try:
        return await sender.post(f"https://127.0.0.1:{port}/", b"{}", {})
    finally:
        await sender.close()


@pytest.mark.parametrize("ends", [datetime.now(UTC) + YEAR, datetime.now(UTC) - YEAR], ids=["its own", "expired"])
async def test_a_certificate_that_cannot_be_trusted_is_named(tmp_path: Path, ends: datetime) -> None:
    async with listening(certified(tmp_path, ends=ends)) as port:
        result = await sent(port)
    assert (result.status, result.problem) == (None, "certificate refused")


async def test_an_endpoint_without_tls_is_told_apart_from_one_that_is_away() -> None:
    async with listening(None) as port:
        result = await sent(port)
    assert (result.status, result.problem) == (None, "no TLS connection")
    assert (await sent(port)).problem == "no connection"
