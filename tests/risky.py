"""The catalogue that ships with rules of risk, for tests."""

from __future__ import annotations

from pathlib import Path

from ostiary.adapters.config.catalogue_file import default_source

RULES = """
risk:
  - class: high
    name: {en: Sanctioned country, es: País sancionado}
    when: country in ['IRN', 'PRK']
  - class: high
    name: A list names the client
    when: screening != 'clear'
  - class: high
    name: {en: Earns much, es: Gana mucho}
    when: product == 'accounts_individuals' && annual_salary >= 150000.0
  - class: low
    name: {en: Cards at home, es: Tarjetas en casa}
    when: product == 'cards_individuals' && country == 'ARG'
"""


def risky_catalogue(folder: Path) -> str:
    """A file with it; where it is."""
    path = folder / "risky.yaml"
    path.write_text(default_source() + RULES, "utf-8")
    return str(path)
