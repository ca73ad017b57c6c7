"""Runs in an environment of its own, with nomenklatura: pairs as JSON in, scores of logic-v2 as JSON out."""

from __future__ import annotations

import json
import sys

from followthemoney import model
from nomenklatura.matching import LogicV2, ScoringConfig


def entity(number: int, names: list[str], dates: list[str]) -> object:
    made = model.make_entity("Person")
    made.id = f"e{number}"
    for name in names:
        made.add("name", name)
    for one in dates:
        made.add("birthDate", one)
    return made


config = ScoringConfig.defaults()
scores = []
for at, pair in enumerate(json.load(sys.stdin)):
    query = entity(2 * at, pair["names"], [pair["born"]] if pair["born"] else [])
    result = entity(2 * at + 1, pair["listed"], pair["dates"])
    scores.append(LogicV2.compare(query, result, config).score)
json.dump(scores, sys.stdout)
