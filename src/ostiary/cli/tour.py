"""What `serve --sandbox` prints: where everything is, and a whole onboarding as five calls to paste into a shell."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from pathlib import Path
from string import Template

from ostiary.domain.sandbox import Scenario

_LEVELS = {1: "level 1, a weaker one: create and read clients", 3: "level 3: everything a partner can do"}

_WELCOME = Template("""\
Welcome to Ostiary. This is your sandbox: try what you like, nobody's real data is in it.

  API        $url
  Docs       $url/docs
  Company    $company
$keys
  Kept in    $file
             (only you can read that file; the database has nothing but the keys' hashes)

A whole onboarding is five calls. Paste them into another terminal, all at once or one after another:

$calls
The document's number chooses what the review says; UT... above means enabled. Try another, with a new client:
$scenarios

Next:
  $program demo      plays three onboardings and explains each call
  $program doctor    says what is wrong, should something be wrong
  Ctrl+C here ends the service; start it again and the company, its keys and clients are still there.
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

# 5. See what became of it, a moment later: enabled.
sleep 1; curl -sS "$$CLIENTS/$$CLIENT/products" -H "x-api-key: $$KEY" | python3 -m json.tool
""")


def tour(
    url: str, company_id: str, keys: Mapping[int, str], file: Path, page: Path, program: str,
    scenarios: Sequence[Scenario],
) -> str:  # fmt: skip
    """The whole welcome. `program` is how this command was called, so that the reader can call it again."""
    strongest = keys[max(keys)]
    told = [f"  Key        {keys[level]}\n             ({_LEVELS[level]})" for level in sorted(keys, reverse=True)]
    return _WELCOME.substitute(
        url=url, company=f"Sandbox, {company_id}", keys="\n".join(told), file=file, program=program,
        calls=calls(url, strongest, page), scenarios="\n".join(_told(scenarios)),
    )  # fmt: skip


def calls(url: str, key: str, page: Path) -> str:
    """The five calls as they are pasted: nothing but a shell, curl and python3 is needed."""
    return _CALLS.substitute(url=url, key=key, page=shlex.quote(str(page)))


def _told(scenarios: Sequence[Scenario]) -> list[str]:
    return [f"  {one.number_prefix + '...':<10} {one.description.lower()}" for one in scenarios if one.number_prefix]
