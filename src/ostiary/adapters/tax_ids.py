"""Tax ids of persons, by the rules of the country they live in (check digits, dates), as python-stdnum implements them.

A country is listed only where the rule is that of a natural person's tax id; any one of its rules suffices. Everywhere
else the general form is all that is asked: a good number refused costs a client, a wrong one is found in review.
Sources: the OECD's "Tax identification numbers" pages per jurisdiction, and stdnum's own references.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import Any

LONGEST = 30
_GENERAL = re.compile(r"[0-9A-Za-z ./-]{4,30}")
_RULES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "ARG": ("CUIT or CUIL", ("ar.cuit",)),
    "AUS": ("TFN", ("au.tfn",)),
    "AUT": ("Abgabenkontonummer", ("at.tin",)),
    "BEL": ("Rijksregisternummer", ("be.nn", "be.bis")),
    "BGR": ("EGN or PNF", ("bg.egn", "bg.pnf")),
    "BRA": ("CPF", ("br.cpf",)),
    "CAN": ("SIN", ("ca.sin",)),
    "CHE": ("AHV number", ("ch.ssn",)),
    "CHL": ("RUT", ("cl.rut",)),
    "CHN": ("resident identity card number", ("cn.ric",)),
    "COL": ("NIT", ("co.nit",)),
    "CRI": ("cédula or DIMEX", ("cr.cpf", "cr.cr")),
    "CZE": ("rodné číslo", ("cz.rc",)),
    "DEU": ("Identifikationsnummer or Steuernummer", ("de.idnr", "de.stnr")),
    "DNK": ("CPR number", ("dk.cpr",)),
    "DOM": ("cédula or RNC", ("do.cedula", "do.rnc")),
    "ECU": ("cédula or RUC", ("ec.ci", "ec.ruc")),
    "ESP": ("DNI, NIE or NIF", ("es.nif", "es.dni", "es.nie")),
    "EST": ("isikukood", ("ee.ik",)),
    "FIN": ("henkilötunnus", ("fi.hetu",)),
    "FRA": ("numéro fiscal", ("fr.nif",)),
    "GHA": ("TIN", ("gh.tin",)),
    "GRC": ("AFM", ("gr.vat",)),
    "GTM": ("NIT", ("gt.nit",)),
    "HRV": ("OIB", ("hr.oib",)),
    "IDN": ("NIK or NPWP", ("id.nik", "id.npwp")),
    "IND": ("PAN", ("in_.pan",)),
    "IRL": ("PPS number", ("ie.pps",)),
    "ISL": ("kennitala", ("is_.kennitala",)),
    "ITA": ("codice fiscale", ("it.codicefiscale",)),
    "KEN": ("PIN", ("ke.pin",)),
    "KOR": ("resident registration number", ("kr.rrn",)),
    "LTU": ("asmens kodas", ("lt.asmens",)),
    "LVA": ("personas kods", ("lv.pvn",)),
    "MEX": ("RFC or CURP", ("mx.rfc", "mx.curp")),
    "NLD": ("BSN", ("nl.bsn",)),
    "NOR": ("fødselsnummer or D-number", ("no.fodselsnummer",)),
    "NZL": ("IRD number", ("nz.ird",)),
    "PER": ("RUC or DNI", ("pe.ruc", "pe.cui")),
    "POL": ("PESEL or NIP", ("pl.pesel", "pl.nip")),
    "PRT": ("NIF", ("pt.nif",)),
    "PRY": ("RUC", ("py.ruc",)),
    "ROU": ("CNP", ("ro.cnp",)),
    "RUS": ("INN", ("ru.inn",)),
    "SLV": ("NIT", ("sv.nit",)),
    "SVK": ("rodné číslo", ("sk.rc",)),
    "SVN": ("davčna številka", ("si.ddv",)),
    "SWE": ("personnummer", ("se.personnummer",)),
    "THA": ("PIN or TIN", ("th.pin", "th.tin")),
    "TUR": ("T.C. kimlik no or VKN", ("tr.tckimlik", "tr.vkn")),
    "UKR": ("RNTRC", ("ua.rntrc",)),
    "USA": ("SSN, ITIN or other TIN", ("us.tin",)),
    "ZAF": ("tax reference number", ("za.tin",)),
}
"""alpha-3 → what people call it, and the modules of stdnum that judge it."""


def tax_id_fault(country: str, value: str) -> str | None:
    """None for a good tax id of a person in the country, else what would be right."""
    if len(value) > LONGEST:
        return f"has {len(value)} characters; a tax id has at most {LONGEST}"
    if country not in _RULES:
        return None if _GENERAL.fullmatch(value) else "must be 4 to 30 letters, digits, spaces, dots, dashes or slashes"
    name, modules = _RULES[country]
    if any(_accepts(module, value) for module in modules):
        return None
    return f"must be a valid {name} of {country}; its length or check digit does not fit"


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
