"""A receiver of webhooks with Django, in one file: verifies, keeps each event once, answers, and handles it afterwards.

    pip install django ostiary_client-*.whl          # the wheel: clients/python
    SECRETS=whsec_... python examples/django_receiver.py runserver --noreload 8090

SECRETS has the answer of GET /management/companies/webhook/signing-secret; two with a comma between while a secret is
replaced. In a project of yours `Event` goes into models.py, `receive` into views.py, and `handle_what_waits` into a
management command that runs beside the server. Replace `handle`.
"""

import json
import os
import sys
import threading
import traceback

import django
from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import connection, models, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from ostiary_client import Webhook, WebhookRefused

WEBHOOK = Webhook(*os.environ["SECRETS"].split(","))
settings.configure(
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    DATABASES={
        "default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ.get("DATABASE", "events.sqlite3")}
    },
    DATA_UPLOAD_MAX_MEMORY_SIZE=1_000_000,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
)
django.setup()
came = threading.Event()


class Event(models.Model):
    """One that came. The key is the event's own id: a second delivery of it is no second row."""

    operation_id = models.CharField(max_length=64, unique=True)
    body = models.JSONField()
    is_done = models.BooleanField(default=False)

    class Meta:
        app_label = "hooks"


def handle(event: dict) -> None:
    """What your program does with it; also with types that it does not know, which is nothing."""
    print(event["event_type"], event["operation_id"], json.dumps(event["data"]), flush=True)


def handle_what_waits() -> None:
    """In the order in which events came. What fails stays, and is tried again with the next."""
    while came.wait():
        came.clear()
        for event in Event.objects.filter(is_done=False).order_by("id"):
            try:
                with transaction.atomic():  # your own rows in the same transaction: then what it did is done once, too
                    handle(event.body)
                    Event.objects.filter(id=event.id).update(is_done=True)
            except Exception:
                traceback.print_exc()
                break


@csrf_exempt  # the signature says who sends
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    try:
        event = WEBHOOK.parse(request.headers, request.body)
    except WebhookRefused:
        return HttpResponse(status=401)
    Event.objects.get_or_create(operation_id=event.operation_id, defaults={"body": json.loads(request.body)})
    came.set()
    return HttpResponse(status=204)


urlpatterns = [path("hooks", receive)]

if __name__ == "__main__":
    if Event._meta.db_table not in connection.introspection.table_names():
        with connection.schema_editor() as editor:
            editor.create_model(Event)
    came.set()
    threading.Thread(target=handle_what_waits, daemon=True).start()
    execute_from_command_line(sys.argv)
