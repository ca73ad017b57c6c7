"""How differences between catalogues, and how far a publication is, are told wherever they are shown: differences with
the countries they are about."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from ostiary.domain.catalogue_changes.changes import CatalogueDifference, ChangeKind, OfferChange
from ostiary.domain.catalogue_changes.publications import PublicationState
from ostiary.domain.sentences import N_, Sentence, sentence

KIND_WORDS: Mapping[ChangeKind, str] = {
    ChangeKind.ASKED: N_("asked"),
    ChangeKind.NO_LONGER_ASKED: N_("no longer asked"),
    ChangeKind.HARDER: N_("harder"),
    ChangeKind.EASIER: N_("easier"),
    ChangeKind.UNCLEAR: N_("unclear"),
    ChangeKind.OTHER: N_("other"),
}
OFFER_WORDS: Mapping[OfferChange, str] = {
    OfferChange.ADDED: N_("a new product"),
    OfferChange.REMOVED: N_("not offered any more: requests there are go on as they were made"),
}
"""Of a product that only one of both has."""
NOTHING_DIFFERS = N_("Nothing differs.")
WHATEVER_THE_PRODUCT = N_("Whatever the product")
MOST_NAMED = 12
"""Countries of one change that are named on a line; of more, those it does not concern are, if they are fewer."""
STATE_WORDS: Mapping[PublicationState, str] = {
    PublicationState.PROPOSED: N_("waits for a second person"),
    PublicationState.PUBLISHED: N_("published"),
    PublicationState.WITHDRAWING: N_("published; somebody wants it withdrawn"),
    PublicationState.WITHDRAWN: N_("withdrawn"),
}


def summary(whole: CatalogueDifference) -> str:
    """What it comes to for clients."""
    if whole.asks_more:
        return N_("Some clients may be asked more than before.")
    return N_("Nobody is asked more than before.")


def where_words(countries: Collection[str] | None, every: Collection[str]) -> Sentence | None:
    """Where a change counts, of all countries (ISO 3166-1 alpha-3); None for everywhere."""
    if countries is None:
        return None
    if len(countries) <= MOST_NAMED:
        return sentence("in %(countries)s", countries=", ".join(countries))
    others = sorted(set(every) - set(countries))
    if len(others) <= MOST_NAMED:
        return sentence("everywhere but in %(countries)s", countries=", ".join(others))
    return sentence("in %(count)s countries: %(countries)s", count=len(countries), countries=", ".join(countries))
