"""Reading what a kind of document asks of its chip, and whether a product that rests on such proof can have any."""

from __future__ import annotations

from ostiary.adapters.config.entries import FileEntry
from ostiary.domain.catalogue.catalogue import Policy, Product
from ostiary.domain.catalogue.chip_wish import ChipPictures, ChipWanted, ChipWish

CHIP_KEYS = ("chip", "chip_pictures", "chip_portrait", "chip_present")


def read_chip(entry: FileEntry) -> ChipWish:
    """Faulty where a key says nothing, or where what the chip says could not be compared."""
    wish = ChipWish(
        wanted=ChipWanted(entry.choice("chip", tuple(ChipWanted)) or ChipWanted.NONE),
        pictures=ChipPictures(entry.choice("chip_pictures", tuple(ChipPictures)) or ChipPictures.ALWAYS),
        keeps_portrait=entry.flag("chip_portrait", default=False),
        demands_presence=entry.flag("chip_present", default=False),
    )
    if not wish.is_taken:
        for key in CHIP_KEYS[1:]:
            if entry.node(key) is not None:
                entry.fault(key, "needless_key", f"'{key}' says nothing without 'chip: optional' or 'chip: required'")
    elif entry.node("machine_readable") is None:
        message = (
            "the zone on a chip is compared like a printed one; say which forms it may have: machine_readable: [TD3]"
        )
        entry.fault("chip", "forms_missing", message)
    return wish


def judge_proof(entry: FileEntry, product: Product) -> None:
    """`proven` means nothing where no chip could ever prove a document, or where it is not looked at."""
    if product.policy is not Policy.PROVEN:
        return
    if product.provider:
        message = "enables what a chip proves, which only the built-in provider verifies; use another policy beside one"
        entry.fault("policy", "proof_missing", message)
    elif not any(kind.chip.is_taken for kind in product.document_types()):
        message = "enables what a chip proves; let one of the product's document types have 'chip: optional'"
        entry.fault("policy", "proof_missing", message)
