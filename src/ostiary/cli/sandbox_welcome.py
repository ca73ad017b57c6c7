"""What `serve --sandbox` prints: where everything is, and a whole onboarding as six calls to paste into a shell."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template

from ostiary.domain.sandbox.scenarios import Scenario

FILE_NAME = "sandbox.json"
PAGE_NAME = "specimen.jpg"
_LEVELS = {1: "level 1, a weaker one: create and read clients", 3: "level 3: everything a partner can do"}

_WELCOME = Template("""\
Welcome to Ostiary. This is your sandbox: try what you like, nobody's real data is in it.

  API        $url
  Docs       $url/docs
  Company    $company
$keys
  Kept in    $file
             (only you can read that file; the database has nothing but the keys' hashes)

A whole onboarding is six calls. Paste them into another terminal, all at once or one after another:

$calls
The document's number chooses what the review says; UT... above means enabled. Try another, with a new client:
$scenarios

Webhooks of this sandbox may lead to this machine; examples/receiver.py and receiver.mjs are receivers that check the
signature.

Next:
  $program demo      plays three onboardings and explains each call
  $program doctor    says what is wrong, should something be wrong
  Ctrl+C here ends the service; start it again and the company, its keys and clients are still there.
""")

_CONSOLE = Template("""
The review console, where a person decides (a document's number that begins with REVIEW waits for one):

  $link

The link signs you in as the operator `sandbox`, once; each start prints another.
""")
_PAGE = Template("""
The page for clients, where one of them does all of that himself; give it specimen.jpg, or a phone's camera where that
reaches this machine:

  $link

The link works once, for an hour; each start prints another.
""")
_CALLS = Template("""\
URL=$url
KEY=$key
PAGE=$page
CLIENTS=$$URL/management/clients/individuals
TRY=$$(date +%s)

# 1. Create a client. The answer begins with its id, which the next calls need.
CLIENT=$$(curl -sS "$$CLIENTS" -H "x-api-key: $$KEY" -H 'content-type: application/json' -d '{
  "first_name": "Maria", "last_name": "Barber", "birth_date": "1984-11-21",
  "email": "maria.'$$TRY'@example.com", "phone_country_code": 54, "phone_number": 1168860622,
  "address": {"street_line1": "Florida 9860", "city": "Del Viso", "country": "ARG"}
}' | tee /dev/stderr | cut -d'"' -f4); echo

# 2. Request a product. The answer says what is still missing: an identity document.
REQUEST=$$(curl -sS "$$CLIENTS/$$CLIENT/products" -H "x-api-key: $$KEY" \\
  -H 'content-type: application/json' -d '{"subproduct": "cards_individuals"}' \\
  | tee /dev/stderr | cut -d'"' -f4); echo

# 3. Upload the document. It is looked at while you wait: nothing rejected, nothing missing any more.
curl -sS "$$CLIENTS/$$CLIENT/products/$$REQUEST/documentation" -H "x-api-key: $$KEY" \\
  -F 'document={"document_type": "passport", "metadata": {"number": "UT'$$TRY'"}};type=application/json' \\
  -F "image_front=@$$PAGE"; echo

# 4. Submit it for review: in_kyc.
curl -sS -X POST "$$CLIENTS/$$CLIENT/products/$$REQUEST/submit" -H "x-api-key: $$KEY"; echo

# 5. See what became of it, once it is decided: enabled.
for _ in 1 2 3 4 5 6 7 8 9; do sleep 1
  curl -sS "$$CLIENTS/$$CLIENT/products" -H "x-api-key: $$KEY" | grep -q '"in_kyc"' || break; done
curl -sS "$$CLIENTS/$$CLIENT/products" -H "x-api-key: $$KEY" | python3 -m json.tool

# 6. Be told instead of asking: a receiver in this terminal, its address subscribed, and a test event that comes to it.
PORT=$$((20000 + TRY % 20000)); HOOK=$$URL/management/companies/webhook
python3 -c 'import http.server as h, sys
class Receiver(h.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        print("webhook:", self.headers["webhook-id"], body.decode(), flush=True)
        self.send_response(204); self.end_headers()
    def log_message(self, *_): pass
server = h.HTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver)
server.timeout = 45; server.handle_request()' $$PORT &
sleep 1; curl -sS "$$HOOK/subscribe" -H "x-api-key: $$KEY" -H 'content-type: application/json' \\
  -d '{"url": "http://127.0.0.1:'$$PORT'/", "webhook_key": "a-value-of-yours"}'; echo
curl -sS -X POST "$$HOOK/test" -H "x-api-key: $$KEY"; echo; wait; echo
curl -sS -X DELETE "$$HOOK" -H "x-api-key: $$KEY"
""")


def tour(
    url: str,
    company_id: str,
    keys: Mapping[int, str],
    folder: Path,
    program: str,
    scenarios: Sequence[Scenario],
) -> str:
    """The whole welcome. `folder` has the file of the keys and the specimen's page; `program` is how this command was
    called, so that the reader can call it again."""
    strongest = keys[max(keys)]
    file, page = folder / FILE_NAME, folder / PAGE_NAME
    lines = [f"  Key        {keys[level]}\n             ({_LEVELS[level]})" for level in sorted(keys, reverse=True)]
    return _WELCOME.substitute(
        url=url,
        company=f"Sandbox, {company_id}",
        keys="\n".join(lines),
        file=file,
        program=program,
        calls=calls(url, strongest, page),
        scenarios="\n".join(_scenario_lines(scenarios)),
    )


def page_words(link: str) -> str:
    """Where a client of the sandbox onboards himself."""
    return _PAGE.substitute(link=link)


def console_words(link: str) -> str:
    """Where the review console is, by a link that signs in there."""
    return _CONSOLE.substitute(link=link)


def calls(url: str, key: str, page: Path) -> str:
    """The six calls as they are pasted: nothing but a shell, curl and python3 is needed."""
    return _CALLS.substitute(url=url, key=key, page=shlex.quote(str(page)))


def _scenario_lines(scenarios: Sequence[Scenario]) -> list[str]:
    return [
        f"  {scenario.number_prefix + '...':<10} {scenario.description.lower()}"
        for scenario in scenarios
        if scenario.number_prefix
    ]
