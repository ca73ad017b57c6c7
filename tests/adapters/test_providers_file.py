"""The providers file: what it declares, and every fault at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from ostiary.adapters.config import providers_file
from ostiary.domain.errors import ProvidersInvalid
from tests.provided import SECRET

URL = "https://kyc.example.com"
HTTP = "providers:\n  acme:\n    kind: http\n    url: https://acme.example/x\n    secret_files: [s]\n"
SUMSUB = """providers:
  sumsub:
    kind: sumsub
    app_token_file: t
    secret_key_file: t
    webhook_secret_files: [t]
    levels: {cards_individuals: basic}
"""


def written(folder: Path, source: str) -> Path:
    (folder / "s").write_text(SECRET)
    (folder / "t").write_text("token\n")
    path = folder / "providers.yaml"
    path.write_text(source)
    return path


async def test_what_it_declares_is_made(tmp_path: Path) -> None:
    path = written(tmp_path, HTTP + SUMSUB.removeprefix("providers:\n"))
    providers = providers_file.load(path, URL).providers()
    assert {name: provider.name for name, provider in providers.items()} == {"acme": "acme", "sumsub": "sumsub"}
    for provider in providers.values():
        await provider.close()


def test_without_a_file_there_is_only_the_built_in_one() -> None:
    assert providers_file.load(None, "").providers() == {}


@pytest.mark.parametrize(
    ("source", "place", "code"),
    [
        ("provider: {}", "1:1", "unknown_key"),
        (HTTP.replace("acme:", "builtin:"), "2:3", "name_taken"),
        (HTTP.replace("kind: http", "kind: fax"), "3:5", "unknown_choice"),
        (HTTP.replace("https://acme", "ftp://acme"), "4:10", "bad_address"),
        (HTTP.replace("https://acme", "https://u:p@acme"), "4:10", "bad_address"),
        (HTTP.replace("[s]", "[t]"), "5:19", "bad_secret"),
        (HTTP.replace("[s]", "[gone]"), "5:20", "unreadable"),
        (HTTP.replace("    secret_files: [s]\n", ""), "2:3", "missing_key"),
        (HTTP + "    levels: {a: b}\n", "6:5", "unknown_key"),
        (SUMSUB.replace("secret_key_file: t", "secret_key_file: gone"), "5:22", "unreadable"),
        (SUMSUB.replace("    levels: {cards_individuals: basic}\n", ""), "2:3", "missing_key"),
        (SUMSUB.replace("basic", "[basic]"), "7:33", "wrong_type"),
    ],
)
def test_a_fault_names_its_place(tmp_path: Path, source: str, place: str, code: str) -> None:
    path = written(tmp_path, source)
    with pytest.raises(ProvidersInvalid) as refused:
        providers_file.load(path, URL)
    assert (f"{path}:{place}", code) in {(fault.field, fault.code) for fault in refused.value.faults}


@pytest.mark.parametrize(
    ("secret", "is_good"),
    [
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", True),
        ("whsec_+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/+/", True),
        ("whsec_YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYQ==", True),
        ("whsec_YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYQ", True),  # packages of other languages leave the padding out
        ("whsec_YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE=\n", True),  # as editors end a file
        ("whsec_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_", False),  # base64 for addresses: another key to Python's package
        ("whsec_MfKQ9r8GKYqrTwjU-D8ILPZIo2LaLaSw", False),
        ("whsec_MfKQ9r8GKYqrTwjU PD8ILPZIo2LaLaSw", False),
        ("whsec_MfKQ9r8GKYqrTwjU\nPD8ILPZIo2LaLaSw", False),
        ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSwA", False),  # no whole number of bytes
        ("whsec_hello-world-this-is-secret", False),
        ("whsec_contraseña", False),
        ("whsec_", False),
        ("whsec_====", False),
    ],
)
def test_a_secret_signs_only_when_every_character_of_it_does(tmp_path: Path, secret: str, is_good: bool) -> None:
    path = written(tmp_path, HTTP)
    (tmp_path / "s").write_text(secret)
    if is_good:
        assert list(providers_file.load(path, URL).makers) == ["acme"]
        return
    with pytest.raises(ProvidersInvalid) as refused:
        providers_file.load(path, URL)
    (fault,) = refused.value.faults
    assert fault.code == "bad_secret"


def test_http_needs_to_know_where_it_is_reached(tmp_path: Path) -> None:
    with pytest.raises(ProvidersInvalid, match="OSTIARY_PUBLIC_URL"):
        providers_file.load(written(tmp_path, HTTP), "")


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(ProvidersInvalid, match="No such file"):
        providers_file.load(tmp_path / "none.yaml", URL)


def test_every_product_names_a_provider_that_is_there(tmp_path: Path) -> None:
    configured = providers_file.load(written(tmp_path, HTTP), URL)
    providers_file.check_named(configured, {"cards": "acme", "accounts": ""})
    with pytest.raises(ProvidersInvalid, match="accounts names the provider other; declared are: builtin, acme"):
        providers_file.check_named(configured, {"accounts": "other"})
