"""An onboarding through the client that openapi-python-client made."""
# mypy: ignore-errors

from __future__ import annotations

import base64
import os
import time
from pathlib import Path

from openapi_python_client_made import AuthenticatedClient
from openapi_python_client_made.api.clients import create_client
from openapi_python_client_made.api.products import (
    complete_documentation,
    read_product,
    request_product,
    submit_product,
)
from openapi_python_client_made.models import ClientBody, DocumentationBody, NoBody, ProductBody
from openapi_python_client_made.models import ReadProductExpandItem as Expand

PERSON = {
    "first_name": "Maria", "last_name": "Barber", "email": f"opc.{os.getpid()}@example.com",
    "birth_date": "1984-11-21", "phone_country_code": 54, "phone_number": 1168860622, "occupation": "Teacher",
    "address": {"street_line1": "Florida 9860", "city": "Del Viso", "country": "ARG"},
}  # fmt: skip
DOCUMENT = {
    "document": {
        "document_type": "passport",
        "metadata": {"number": f"Q{os.getpid()}", "issuing_country": "ARG", "expiration_date": "2031-01-01"},
        "image_front": base64.b64encode(Path(os.environ["PICTURE"]).read_bytes()).decode(),
    }
}
api = AuthenticatedClient(
    base_url=os.environ["OSTIARY_URL"], token=os.environ["OSTIARY_API_KEY"], prefix="", auth_header_name="x-api-key"
)
client = create_client.sync(client=api, body=ClientBody.from_dict(PERSON)).id
request = request_product.sync(client, client=api, body=ProductBody.from_dict({"subproduct": "cards_individuals"})).id
assert not complete_documentation.sync(
    client, request, client=api, body=DocumentationBody.from_dict(DOCUMENT)
).rejected_items
assert not submit_product.sync(client, request, client=api, body=NoBody()).rejected_items
for _ in range(150):
    seen = read_product.sync(client, request, client=api, expand=[Expand.EXPLAIN, Expand.NEXT_ACTION])
    if seen.status.value == "enabled":
        assert seen.explain
        print("enabled")
        break
    time.sleep(0.2)
else:
    raise SystemExit("not enabled")
