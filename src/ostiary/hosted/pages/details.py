"""Details of the client in forms: a group that is asked for, one that is to be changed, or who he is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ostiary.domain.catalogue.catalogue import DataType
from ostiary.domain.clients.client import Profile, attribute_value, field_of
from ostiary.domain.errors import DuplicateClient, Fault, InvalidState, NotFound, ValidationFailed
from ostiary.domain.hosted.steps import DataStep, place_parts
from ostiary.domain.onboarding.own_groups import CORRECTIONS, MINIMUM_AGE, UNDECIDED
from ostiary.domain.rejections import Rejection
from ostiary.domain.sentences import N_, Sentence, sentence
from ostiary.hosted.allowance import TOO_MUCH
from ostiary.hosted.forms.inputs import PHONE, UNPROCESSABLE, AskedField, FormInput, focused, read_inputs
from ostiary.hosted.request import NEXT, HostedRequest
from ostiary.hosted.services import Hosted
from ostiary.html.answers import Page, Redirect
from ostiary.usecases.hosted.progress import Journey, give_details, load_journey
from ostiary.usecases.transaction import carried_out
from ostiary.web.rate_limiter import steady_ms

ABOUT_YOU = "about_you"
WHO = ("first_name", "second_name", "last_name", "birth_date", "country")
"""What a document is compared with."""
OPTIONAL = ("second_name", "state", "postal_code")
E_MAIL_TAKEN = N_("This e-mail address cannot be used here. Give another one, or ask the company that sent you here.")
LOOKED_AT = N_("This is being looked at and stays as it is until that is done. Come back then.")
_INPUT_OF = {"phone_number": PHONE, "phone_country_code": PHONE}


@dataclass(frozen=True, slots=True)
class DataForm:
    """One form: what it is called, and what it asks for."""

    place: str
    name: str
    description: str
    asked: tuple[AskedField, ...]
    problems: tuple[Rejection, ...] = ()


async def show(hosted: Hosted, request: HostedRequest) -> Page | Redirect:
    """The form, with what is known filled in."""
    journey = await load_journey(hosted.context, request.here)
    form = _form(hosted, request, journey)
    if form is None:
        return Redirect(NEXT)
    profile = journey.dossier.client.profile
    before = {each.key: each.reason for each in reversed(form.problems)}
    inputs = [each.input(_typed(profile, each), before.get(each.key, "")) for each in form.asked]
    return _page(form, inputs)


async def give(hosted: Hosted, request: HostedRequest) -> Page | Redirect:
    """What was typed, taken or said what is wrong with; nothing of it is lost."""
    here = request.here
    form = _form(hosted, request, await load_journey(hosted.context, here))
    if form is None:
        return Redirect(NEXT)
    values, problems = read_inputs(form.asked, request.form)
    if not problems and not hosted.changes.takes(here.link.id, steady_ms()):
        problems = {"": TOO_MUCH}
    if not problems:
        try:
            await carried_out(hosted.context, here.caller, give_details, here, form.place, values)
        except ValidationFailed as refused:
            labels = {each.key: request.language.named(each.field.name) for each in form.asked}
            problems = {_input_of(each.field): _words(each, labels) for each in reversed(refused.faults)}
        except DuplicateClient:
            problems = {"email": E_MAIL_TAKEN}
        except InvalidState as refused:
            if not refused.faults:
                raise
            problems = {_input_of(each.field): LOOKED_AT for each in refused.faults}
        else:
            return Redirect(NEXT)
    inputs = [each.input(request.form.text(each.key), problems.pop(each.key, "")) for each in form.asked]
    return _page(form, inputs, tuple(problems.values()), status=UNPROCESSABLE)


def _page(form: DataForm, inputs: list[FormInput], others: tuple[str, ...] = (), status: int = 200) -> Page:
    values = {
        "form": form,
        "inputs": focused(inputs),
        "others": others,
        "advice": list(dict.fromkeys(each.action for each in form.problems)),
    }
    return Page(template="details.html", title="Your details", values=values, status=status)


def _form(hosted: Hosted, request: HostedRequest, journey: Journey) -> DataForm | None:
    """None where nothing of it can be changed any more. Raises NotFound for what the link does not ask for."""
    place = request.path["place"]
    number, group = place_parts(place)
    asking = journey.request(number)
    if not asking.is_open:
        return None
    profile, tag = journey.dossier.client.profile, request.language.tag
    declared = hosted.context.catalogues.by_version()[asking.enablement.catalogue_version].attributes
    country = profile.address.country
    if group == ABOUT_YOU:
        fields = (field_of(key, declared) for key in WHO)
        asked = tuple(
            AskedField(each.id, replace(each, required=each.id not in OPTIONAL), country, tag) for each in fields
        )
        return DataForm(place, sentence("About you"), sentence("As on your document."), asked)
    steps = (each for each in journey.plan.steps if isinstance(each, DataStep))
    step = next((each for each in steps if each.place == place), None)
    if step is not None:
        asked = tuple(AskedField(each.key, replace(each.field, required=True), country, tag) for each in step.fields)
        return DataForm(place, step.name, step.description, asked, problems=step.problems)
    for each in asking.product.data:
        if each.id == group:
            given = (field for field in each.fields if attribute_value(profile, field.key) is not None)
            asked = tuple(AskedField(field.key, field.field, country, tag) for field in given)
            return DataForm(place, each.name, each.description, asked) if asked else None
    if group in _COMPUTED:
        return None
    raise NotFound


def _typed(profile: Profile, asking: AskedField) -> str:
    value = attribute_value(profile, asking.key)
    if value is None:
        return ""
    if asking.field.data_type is DataType.BOOLEAN:
        return "true" if value else "false"
    return str(value)


def _words(fault: Fault, labels: Mapping[str, str]) -> str:
    """What is wrong, of what people know by its label and not by its key."""
    problem = fault.message.values.get("problem") if isinstance(fault.message, Sentence) else None
    key = _input_of(fault.field)
    return sentence("%(label)s %(problem)s.", label=labels.get(key, key), problem=problem or fault.message)


def _input_of(fault: str) -> str:
    """The input that a fault of a profile is about."""
    name = fault.removeprefix("address.")
    return _INPUT_OF.get(name, name)


_COMPUTED = (UNDECIDED, CORRECTIONS, MINIMUM_AGE)
"""Groups that are there only as long as something of them is missing."""
