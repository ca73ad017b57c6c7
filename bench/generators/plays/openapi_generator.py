"""An onboarding through the Python client that openapi-generator made."""
# mypy: ignore-errors

from __future__ import annotations

import base64
import os
import time
from pathlib import Path

import openapi_client
from openapi_client.models import ClientBody, DocumentationBody, ProductBody

PERSON = {
    "first_name": "Maria", "last_name": "Barber", "email": f"og.{os.getpid()}@example.com",
    "birth_date": "1984-11-21", "phone_country_code": 54, "phone_number": 1168860622, "occupation": "Teacher",
    "address": {"street_line1": "Florida 9860", "city": "Del Viso", "country": "ARG"},
}  # fmt: skip
DOCUMENT = {
    "document": {
        "document_type": "passport",
        "metadata": {"number": f"R{os.getpid()}", "issuing_country": "ARG", "expiration_date": "2031-01-01"},
        "image_front": base64.b64encode(Path(os.environ["PICTURE"]).read_bytes()).decode(),
    }
}
chosen = openapi_client.Configuration(host=os.environ["OSTIARY_URL"], api_key={"ApiKey": os.environ["OSTIARY_API_KEY"]})
with openapi_client.ApiClient(chosen) as connection:
    clients, products = openapi_client.ClientsApi(connection), openapi_client.ProductsApi(connection)
    client = clients.create_client(ClientBody.from_dict(PERSON)).id
    request = products.request_product(client, ProductBody.from_dict({"subproduct": "cards_individuals"})).id
    sent = products.complete_documentation(client, request, DocumentationBody.from_dict(DOCUMENT))
    assert not sent.rejected_items
    assert not products.submit_product(client, request, body={}).rejected_items
    for _ in range(150):
        seen = products.read_product(client, request, expand=["explain", "next_action"])
        if seen.status == "enabled":
            assert seen.explain
            print("enabled")
            break
        time.sleep(0.2)
    else:
        raise SystemExit("not enabled")
