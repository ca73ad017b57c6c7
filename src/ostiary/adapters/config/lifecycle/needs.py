"""`needs` of a product: products that exist, and that do not need it in turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

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
            continue
        for end in _never_before(products, product):
            if way := _way(products, needed, end):
                faults.add(
                    node, "needs_circular", f"{_WHY[end == product]}: {' needs '.join((product, *way))}; {_MEND}"
                )
                break


_WHY = {True: "needs itself in the end", False: "needs a higher level of its own family, with which it cannot be had"}
_MEND = "leave one of them out"


def _never_before(products: Mapping[str, Product], product: str) -> Iterator[str]:
    """What must not be enabled before a product is requested: itself, and the levels above it."""
    yield product
    yield from (each.id for each in products.values() if each.is_above(products[product]))


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
