"""Tax ids of persons, by the rules of the country they live in (check digits, dates).

A country is listed only where the rule is that of a natural person's tax id; any one of its rules suffices, and each
kind of number that a person may have now has one. Everywhere else the general form is all that is asked: a good number
refused costs a client, a wrong one is found in review. Numbers are judged as they are printed on cards and forms: what
separates their groups, and the country's two letters in front of a VAT number, do not matter.
Sources: the OECD's "Tax identification numbers" pages per jurisdiction, python-stdnum's own references, and where the
law changed since, what stands beside the rule in `tax_id_rules`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from ostiary.adapters.lookups import tax_id_rules as rules
from ostiary.adapters.lookups.countries import two_letters
from ostiary.adapters.lookups.tax_id_rules import Rule, form
from ostiary.domain.sentences import N_, sentence

LONGEST = 30
SHORTEST = 4
_GENERAL = re.compile(r"[0-9A-Z]+")
_SEPARATORS = re.compile(r"[\s\-./,:'·()_\u2010-\u2015\u2212]")
"""Of groups of characters, on cards and forms, with the dashes that word processors make."""


@dataclass(frozen=True, slots=True)
class TaxIds:
    """What people call their numbers, the modules of stdnum that judge them, and rules of our own.

    `as_written` are rules that want the separators, `of_nobody` numbers that keep a rule and are nobody's.
    """

    name: str
    modules: tuple[str, ...] = ()
    own: tuple[Rule, ...] = ()
    as_written: tuple[Rule, ...] = ()
    of_nobody: frozenset[str] = frozenset()


RULES: Mapping[str, TaxIds] = {
    "ARG": TaxIds("CUIT or CUIL", ("ar.cuit",), (rules.argentina,)),
    "AUS": TaxIds("TFN", ("au.tfn",)),
    "AUT": TaxIds("Abgabenkontonummer", (), (rules.austria,)),
    "BEL": TaxIds("Rijksregisternummer", (), (rules.belgium,)),
    "BGR": TaxIds("EGN or PNF", ("bg.egn", "bg.pnf")),
    "BRA": TaxIds("CPF", ("br.cpf",), of_nobody=frozenset(digit * 11 for digit in "123456789")),  # Receita Federal
    "CAN": TaxIds("SIN", ("ca.sin",), (rules.canada,)),
    "CHE": TaxIds("AHV number", ("ch.ssn",)),
    "CHL": TaxIds("RUT", (), (rules.chile,)),
    # The second: permanent residence cards before December 2023; the third: who has neither card (STA, by passport).
    "CHN": TaxIds("resident identity card number", (), (
        rules.china, form(r"[A-Z]{3}\d{12}"), form(r"(?=(.*\d){5})[A-Z][0-9A-Z]{17}"))),
    # The cédula is the NIT with or without a check digit (DIAN, decree 1625 of 2016, art. 1.6.1.2.1 ff.).
    "COL": TaxIds("NIT or cédula", ("co.nit",), (form(r"\d{3,11}"),), of_nobody=frozenset({"222222222222"})),
    # Ten digits: NITE, of foreigners without DIMEX (DGT-R-40-2020).
    "CRI": TaxIds("cédula, DIMEX or NITE", ("cr.cpf", "cr.cr"), (form(r"[1-9]\d{8,9}"),)),
    "CZE": TaxIds("rodné číslo or DIČ", ("cz.rc", "cz.dic")),
    # The last: Wirtschafts-Identifikationsnummer, since November 2024 (§ 139c AO).
    "DEU": TaxIds("Identifikationsnummer or Steuernummer", ("de.idnr", "de.stnr"), (form(r"DE\d{9}(\d{5})?"),)),
    # Day + 60: numbers given for administration alone.
    "DNK": TaxIds("CPR number", ("dk.cpr",), (form(r"(6[1-9]|[78]\d|9[01])(0[1-9]|1[0-2])\d{6}"),)),
    "DOM": TaxIds("cédula or RNC", ("do.cedula", "do.rnc")),
    # The form: who has no cédula, and companies; no check digit any more (SRI).
    "ECU": TaxIds("cédula or RUC", ("ec.ci", "ec.ruc"), (form(r"(0[1-9]|1\d|2[0-4]|30)[69]\d{7}(?!000)\d{3}"),)),
    "ESP": TaxIds("DNI, NIE or NIF", ("es.nif", "es.dni", "es.nie"), (rules.spain,)),
    "EST": TaxIds("isikukood", ("ee.ik",)),
    "FIN": TaxIds("henkilötunnus", ("fi.hetu",)),
    "FRA": TaxIds("numéro fiscal", ("fr.nif",)),
    # The Ghana Card number replaced the TIN of persons on 1 April 2021 (GRA); foreigners' begin with a nationality.
    "GHA": TaxIds("Ghana Card number or TIN", ("gh.tin",), (form(r"[A-Z]{3}\d{10}"),)),
    "GRC": TaxIds("AFM", ("gr.vat",)),
    "GTM": TaxIds("CUI or NIT", ("gt.nit",), (rules.guatemala,)),
    "HRV": TaxIds("OIB", ("hr.oib",)),
    "IDN": TaxIds("NIK or NPWP", ("id.npwp",), (rules.indonesia,)),
    # The Aadhaar number may stand for the PAN since 1 September 2019 (Income-tax Act, s. 139A (5E)).
    "IND": TaxIds("PAN or Aadhaar number", ("in_.pan", "in_.aadhaar")),
    "IRL": TaxIds("PPS number", ("ie.pps",), (rules.ireland,)),
    "ISL": TaxIds("kennitala", (), (rules.iceland,)),
    "ITA": TaxIds("codice fiscale", ("it.codicefiscale",)),
    "KEN": TaxIds("PIN", (), (form(r"[AP]\d{9}[A-Z]"),)),
    "KOR": TaxIds("resident registration number", ("kr.rrn",), (rules.korea,)),
    # Ten digits: who is not in the population register (VMI).
    "LTU": TaxIds("asmens kodas", ("lt.asmens",), (form(r"\d{10}"),)),
    # 32 to 39 in front: codes without a birth date, since 1 July 2017 (PMLP).
    "LVA": TaxIds("personas kods", ("lv.pvn",), (form(r"3[2-9]\d{9}"),)),
    # The generic RFC of the public and of foreigners (SAT, CFF rule 2.7.1.23) is nobody's.
    "MEX": TaxIds(
        "RFC or CURP", ("mx.rfc", "mx.curp"), (rules.mexico,), of_nobody=frozenset({"XAXX010101000", "XEXX010101000"})
    ),
    "NLD": TaxIds("BSN", (), (rules.netherlands,)),
    "NOR": TaxIds("fødselsnummer or D-number", ("no.fodselsnummer",)),
    "NZL": TaxIds("IRD number", (), (rules.new_zealand,)),
    "PER": TaxIds("RUC or DNI", ("pe.ruc", "pe.cui"), (rules.peru,)),
    "POL": TaxIds("PESEL or NIP", ("pl.pesel", "pl.nip")),
    "PRT": TaxIds("NIF", ("pt.nif",), of_nobody=frozenset({"999999990"})),  # "consumidor final"
    "PRY": TaxIds("RUC", ("py.ruc",)),
    "ROU": TaxIds("CNP", (), (rules.romania,)),
    "RUS": TaxIds("INN", ("ru.inn",)),
    "SLV": TaxIds("DUI or NIT", ("sv.nit",), (rules.el_salvador,)),
    "SVK": TaxIds("rodné číslo or DIČ", ("sk.rc",), (rules.slovakia,)),
    "SVN": TaxIds("davčna številka", ("si.ddv",)),
    "SWE": TaxIds("personnummer or samordningsnummer", ("se.personnummer",), (rules.sweden,)),
    # Ten digits: TINs of before 2012, and what the Revenue Department still says of those of foreigners.
    "THA": TaxIds("PIN or TIN", ("th.pin", "th.tin"), (form(r"[1-9]\d{9}"),)),
    "TUR": TaxIds("T.C. kimlik no or VKN", ("tr.tckimlik", "tr.vkn")),
    # Who refused the number for their faith is registered by passport or card (Tax Code, art. 70.5).
    "UKR": TaxIds("RNTRC", ("ua.rntrc",), (form(r"[A-ZА-ЯҐЄІЇ]{2}\d{6}|\d{9}"),)),
    # 9xx-93: adoption; 9xx-50 to 65: ITIN that the library lacks (IRS, publication 1915), but for ten of advertisements
    # (SSA). The last: employers' numbers, which sole proprietors may use instead (form W-9), by their dash.
    "USA": TaxIds("SSN or ITIN", ("us.ssn", "us.itin", "us.ptin"), (form(r"(?!98765432)9\d{2}(5\d|6[0-5]|93)\d{4}"),), (
        form(r"(?!0[0789]|1[789]|2[89]|49|69|7[089]|89|9[67])\d{2}-\d{7}"),)),
    "ZAF": TaxIds("tax reference number", ("za.tin",)),
}  # fmt: skip
"""By alpha-3."""


def tax_id_fault(country: str, value: str) -> str | None:
    """None for a good tax id of a person in the country, else what would be right."""
    if len(value) > LONGEST:
        return sentence("has %(length)s characters; a tax id has at most %(most)s", length=len(value), most=LONGEST)
    bare = _SEPARATORS.sub("", value).upper()
    if set(re.findall(r"\d", bare)) == {"0"}:
        return N_("must be a tax id that somebody has; all digits of this one are 0")
    kinds = RULES.get(country)
    if kinds is None:
        wanted = N_("must be 4 to 30 letters, digits, spaces, dots, dashes, slashes or brackets")
        return None if len(value) >= SHORTEST and _GENERAL.fullmatch(bare) else wanted
    if _is_spaced_sensibly(value, bare) and _is_of(kinds, country, value.strip(), bare):
        return None
    return sentence(
        "must be a valid %(name)s of %(country)s; its length or check digit does not fit",
        name=kinds.name,
        country=country,
    )


def _is_spaced_sensibly(value: str, bare: str) -> bool:
    """Separators make groups; a text that has one after each character is no number of anybody's."""
    return 2 * (len(value.strip()) - len(bare)) <= len(bare)


def _is_of(kinds: TaxIds, country: str, value: str, bare: str) -> bool:
    readings = tuple(_readings(country, value, bare))
    if any(number in kinds.of_nobody for number in readings):
        return False
    return any(rule(value) for rule in kinds.as_written) or any(
        any(rule(number) for rule in kinds.own) or any(_accepts(module, number) for module in kinds.modules)
        for number in readings
    )


def _readings(country: str, value: str, bare: str) -> Iterator[str]:
    """Without separators, without the country's letters as well, and as it is written: some separators say something
    (the century in Finland, groups to be filled up in Costa Rica)."""
    yield bare
    for letters in {two_letters(country), "EL" if country == "GRC" else ""} - {""}:
        yield bare.removeprefix(letters)
    yield value


def _accepts(module: str, value: str) -> bool:
    try:
        _rule(module).validate(value)
    except (ValueError, LookupError, TypeError):  # stdnum's own errors are ValueErrors; odd digits trip some rules
        return False
    return True


@cache
def _rule(module: str) -> Any:
    """Imported on first use; only modules named above ever are."""
    return import_module(f"stdnum.{module}")
