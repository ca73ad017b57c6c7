"""`needs` of a product: products that exist, and that do not need it in turn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import yaml

from ostiary.adapters.config.entries import nearest
from ostiary.adapters.config.yaml_nodes import Faults
from ostiary.domain.catalogue.catalogue import Product


def judge_needs(
    faults: Faults, products: Mapping[str, Product], product: str, places: Sequence[tuple[yaml.Node, str]]
) -> None:
    """Notes what is wrong with the products that one needs, each with its place."""
    for node, needed in places:
        if needed not in products:
            message = f"unknown product '{needed}'; {nearest(needed, products)}"
            faults.add(node, "unknown_product", message)
        elif way := _way(products, needed, product):
            message = f"needs itself in the end: {' needs '.join((product, *way))}; leave one of them out"
            faults.add(node, "needs_circular", message)


def _way(products: Mapping[str, Product], start: str, end: str) -> tuple[str, ...]:
    """How one product needs another, by way of others; empty where it does not."""
    ways, reached = list[tuple[str, ...]]([(start,)]), {start}
    while ways:
        way = ways.pop()
        if way[-1] == end:
            return way
        for needed in products[way[-1]].needs if way[-1] in products else ():
            if needed not in reached:
                reached.add(needed)
                ways.append((*way, needed))
    return ()
