"""What differs between two catalogues, as JSON."""

from __future__ import annotations

from collections.abc import Mapping

from ostiary.domain.catalogue_changes.changes import CatalogueChange, CatalogueDifference


def difference_answer(whole: CatalogueDifference) -> Mapping[str, object]:
    """`countries` is null where a change counts everywhere."""
    return {
        "old": whole.before,
        "new": whole.after,
        "is_empty": whole.is_empty,
        "asks_more": whole.asks_more,
        "products": [
            {
                "product": product.product,
                "state": product.state.value,
                "asks_more": product.asks_more,
                "changes": [_change(change) for change in product.changes],
            }
            for product in whole.products
        ],
        "general": [_change(change) for change in whole.general],
    }


def _change(change: CatalogueChange) -> Mapping[str, object]:
    return {
        "kind": change.kind.value,
        "subject": change.subject,
        "words": str(change.words),
        "asks_more": change.asks_more,
        "countries": None if change.countries is None else list(change.countries),
    }
