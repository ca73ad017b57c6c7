"""Groups of data beside those of the catalogue, so that everything missing is shown."""

from __future__ import annotations

from ostiary.domain.sentences import sentence

MINIMUM_AGE = "minimum_age"
UNDECIDED = "needed_to_decide"
CORRECTIONS = "corrections"
CONFIRMATION = "renewal_confirmation"
NEEDED = "needed_products"
TERMS = "terms"
OWN_GROUPS = {
    MINIMUM_AGE: (sentence("Minimum age"), sentence("The client is younger than this product allows")),
    UNDECIDED: (sentence("Needed to decide"), sentence("Decides what else this product asks for")),
    CONFIRMATION: (sentence("Confirmation"), sentence("Say that nothing has changed, or give what has")),
    NEEDED: (sentence("Products needed first"), sentence("This product can be had once others are enabled")),
    TERMS: (sentence("Terms"), sentence("The client has to accept these")),
    CORRECTIONS: (sentence("Corrections"), sentence("Details that the review did not accept")),
}
"""Their names and descriptions, by id."""
