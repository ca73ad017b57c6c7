"""A whole integration in forty lines: a client is made, sends what is missing, is submitted, and ends enabled.

    pip install ostiary_client-*.whl                    # the wheel: clients/python
    ostiary specimen passport.jpg                       # a passport of nobody, to send
    OSTIARY_URL=http://127.0.0.1:8080 OSTIARY_API_KEY=osk_... python examples/integration.py passport.jpg
"""

import sys
import uuid
from os import environ

from ostiary_client import Address, NewClient, NewDocument, Ostiary, ValidationFailed
from ostiary_client.types import MissingData

PERSON = NewClient(
    first_name="Maria",
    last_name="Barber",
    email=f"maria.{uuid.uuid4().hex[:12]}@example.com",
    birth_date="1984-11-21",
    address=Address(street_line1="Florida 9860", city="Del Viso", country="ARG"),
)
ANSWERS = {"phone_country_code": 54, "phone_number": 1168860622}  # what your form asks for, when it is asked for
NUMBER = "AB" + uuid.uuid4().hex[:8].upper()

with Ostiary(environ["OSTIARY_URL"], environ["OSTIARY_API_KEY"]) as ostiary:
    try:
        client = ostiary.clients.create(PERSON)
    except ValidationFailed as refused:
        sys.exit(f"not taken: {refused.faults_by_field}")
    request = ostiary.products.request(client, "cards_individuals")
    while (wanted := request.missing.next()) is not None:
        if isinstance(wanted, MissingData):
            client = ostiary.clients.update(client.changed(**ANSWERS))
            request = ostiary.products.read(request)
            continue
        document = NewDocument(wanted.valid_documents[0].id, front=sys.argv[1], metadata={"number": NUMBER})
        judged = ostiary.products.upload(request, document)
        if judged.rejected_items:
            sys.exit(f"not taken: {[item.reason for item in judged.rejected_items]}")
        request = judged.product
    request = ostiary.products.submit(request).product
    request = ostiary.products.wait_until(request, "enabled", timeout_s=120)
    print(client.id, request.status)
