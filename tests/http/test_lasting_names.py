"""What outlives the process that wrote it, beside rows: an upgrade in between must not make it another thing."""

from __future__ import annotations

import msgspec
import pytest

from ostiary.adapters.providers.http_messages import submission_json
from ostiary.adapters.providers.links import Linker
from ostiary.api.reading.bodies import ClientBodies, SubscribeBody
from ostiary.domain.clients.client import value_mark
from ostiary.domain.providers.provider import ProviderSubmission, Ticket
from ostiary.usecases.onboarding.add_document import Upload
from ostiary.web.idempotency import content_of
from tests.kept import values
from tests.kept.make_sealed import keyring
from tests.material import ATTRIBUTES

URL = (
    "https://kyc.example.com/providers/vendor/documents/hqhwcm92aWRlcqZ2ZW5kb3KqY29tcGFueV9pZNkgMEd2emZvNGlDVUQ3bVN4VX"
    "lFYlpPMHlaMElyNGdmTzCpY2xpZW50X2lk2SAwR3Z6Zm80aUNVRDdtU3hVeUViWk8weVowSXI0Z2ZPMatkb2N1bWVudF9pZNkgMEd2emZvNGlDVUQ3"
    "bVN4VXlFYlpPMHlaMElyNGdmTzKkc2lkZatpbWFnZV9mcm9udKh1bnRpbF9tc88AAAGdkLDQQQ"
    ".vGEnTYskjXZvw6xYVT8t8KDOqBmlDe0crEyOmaYv6lM"
)
SENT = (
    b'{"last_name":"Barber","first_name":"Maria","email":"m@example.com","birth_date":"1984-11-21","salary":1.5,'
    b'"address":{"street_line1":"Florida 9860","city":"Del Viso","country":"ARG"}}'
)
CONTENT = (
    b'{"first_name":"Maria","last_name":"Barber","email":"m@example.com","birth_date":"1984-11-21",'
    b'"address":{"street_line1":"Florida 9860","city":"Del Viso","country":"ARG","street_line2":null,'
    b'"postal_code":null,"state":null},"second_name":null,"phone_country_code":null,"phone_number":null,'
    b'"reference":null,"occupation":null,"salary":1.5}'
)
UPLOADED = (
    "94a870617373706f727482a16101a66e756d626572a3414231c4202d8d693177ac44895fc02c009ec3f6af32e51eb00783c17000d7051d1662"
    "b93ac0"
)


def test_a_link_that_a_provider_holds_is_made_and_opened_as_it_was() -> None:
    linker = Linker(keyring(), "https://kyc.example.com", lambda: values.AT_MS)
    ticket = Ticket(
        provider="vendor",
        company_id=values.COMPANY_ID,
        client_id=values.CLIENT_ID,
        document_id=values.DOCUMENT_ID,
        side="image_front",
        until_ms=values.AT_MS + 1,
    )
    assert linker.url(ticket) == URL
    assert linker.ticket("vendor", URL.rpartition("/")[2]) == ticket


def test_a_call_is_the_same_call_after_an_upgrade() -> None:
    """Its content stands beside the answer kept under its key: another one would be refused as other content."""
    create = ClientBodies(ATTRIBUTES).create
    assert content_of(msgspec.json.decode(SENT, type=create), SENT) == CONTENT
    hook = b'{"webhook_key": "k", "url": "https://a.test"}'
    content = b'{"url":"https://a.test","webhook_key":"k","include_sequence":null}'
    assert content_of(msgspec.json.decode(hook, type=SubscribeBody), hook) == content
    upload = Upload("passport", {"number": "AB1", "a": 1}, b"front", None)
    assert content_of(upload, b"").hex() == UPLOADED


@pytest.mark.parametrize(("key", "mark"), [
    ("occupation", "3364d6a5be852d88de9fda367c62f98854a98797b075e75b19d220b2ce340aa7"),
    ("children", "d4735e3a265e16eee03f59718b9b5d03019c07d8b6c51f90da3a666eec13ab35"),
    ("salary", "d7c8d5e27359b3ebcd537d7a9ae4a5e2d83ee3f98bf2518a4ed58217488fa254"),
    ("is_resident", "3cbc87c7681f34db4617feaa2c8801931bc5e42d8d0f560e756dd4cd92885f18"),
    ("phone", "c829cbcf0fb169e78d774c74758a951daa3acbf798420ee61e4cdaa0b2e0e372"),
    ("state", "3f19e314054fe630324879c7f5c841c58dcc9f86f1eb050cfbb39d5846b2b044"),
    ("country", "4cf11eed079270585a41f104d891dbe42efc4f4e0b02e1f4ee100be53c381174"),
    ("first_name", "28eb799d8cef50dd2adf492cb896071bf2a4e4d9de32f73b2e0dd6bbb5ce53d3"),
    ("nothing", "dc937b59892604f5a86ac96936cd7ff09e25f18ae6b758e8014a24c7fa039e91"),
])  # fmt: skip
def test_a_refused_value_is_known_again(key: str, mark: str) -> None:
    """Another mark would count as a change, and mend what was refused."""
    assert value_mark(values.PROFILE, key) == mark


def test_a_provider_is_told_of_a_client_under_the_documented_names() -> None:
    submission = ProviderSubmission("a.b.c", "message", "cards", 1, values.PROFILE, (), values.AT_MS)
    assert submission_json(submission, None, "https://kyc.example.com")["client"] == {  # type: ignore[arg-type]
        "first_name": "Maria",
        "last_name": "Barber",
        "email": "mjuliabarber@example.com",
        "birth_date": "1984-11-21",
        "address": {
            "street_line1": "Florida 9860",
            "city": "Del Viso",
            "country": "ARG",
            "street_line2": "2 B",
            "postal_code": "1669",
            "state": "ARG-B",
        },
        "second_name": "Julia",
        "phone_country_code": 54,
        "phone_number": 1168860622,
        "phone": "+541168860622",
        "attributes": {"occupation": "Teacher", "children": 2, "salary": 150000.5, "is_resident": True},
    }
