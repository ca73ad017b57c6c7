"""Reading the barcode of a North American driver's licence: PDF417, by zxing-cpp."""

from __future__ import annotations

from ostiary.adapters.reader.models import Colour
from ostiary.domain.machine_readable.aamva import parse_aamva
from ostiary.domain.machine_readable.zone import Zone

MOST_BARCODES = 4
"""A licence has one, some jurisdictions print a second one of another kind beside it."""


def read_barcode(picture: Colour) -> Zone | None:
    """What the first barcode with AAMVA's elements says."""
    import zxingcpp

    found = zxingcpp.read_barcodes(picture, formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.PDF417]))[
        :MOST_BARCODES
    ]
    zones = (parse_aamva(one.text) for one in found)
    return next((one for one in zones if one is not None), None)
