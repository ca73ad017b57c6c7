"""How long the fields of a 2D-Doc are, by their names of two signs: what has one length ends without a separator.

Those that proofs of address and tax notices have, in the perimeter of France Titres (technical specification 3.3,
sections 7.0, 7.1, 7.3, and the lines of addresses of 7.5).
"""

from __future__ import annotations

from collections.abc import Mapping

FIXED: Mapping[str, int] = {
    # of every document
    "06": 4, "07": 6, "08": 4, "09": 4, "0A": 9, "0B": 9, "0D": 36,
    # of bills
    "1C": 8, "1G": 1, "1H": 1, "24": 5, "26": 2, "2B": 5, "2D": 2,
    # of taxes
    "40": 13, "44": 13, "45": 4, "47": 13, "49": 13, "4A": 8, "4B": 8, "4C": 8, "4F": 15, "4P": 5, "4S": 4,
    # of addresses and work, on tax notices
    "55": 8, "6W": 5, "6Y": 2,
}  # fmt: skip
"""Exactly so many signs."""
LONGEST: Mapping[str, int] = {
    "01": 0, "02": 0, "03": 0, "04": 0, "05": 0, "0C": 0,
    "10": 38, "11": 38, "12": 38, "13": 38, "14": 38, "15": 38, "16": 38, "17": 38, "1I": 38, "1J": 38, "1K": 38,
    "1L": 38, "1M": 38, "1N": 38, "1O": 38, "1P": 38, "20": 38, "21": 38, "22": 38, "23": 38, "27": 38, "28": 38,
    "29": 38, "2A": 38,
    "18": 0, "19": 0, "1A": 0, "1B": 0, "1D": 16, "1E": 30, "1F": 30, "25": 32, "2C": 32,
    "41": 12, "42": 0, "43": 5, "46": 38, "48": 38, "4D": 12, "4E": 12, "4G": 38, "4H": 77, "4I": 12, "4J": 12,
    "4K": 38, "4L": 38, "4M": 3, "4N": 38, "4O": 38, "4Q": 32, "4R": 30, "4T": 30, "4U": 38,
    "4V": 10, "4W": 10, "4X": 10, "4Y": 155, "4Z": 10,
    "6S": 38, "6T": 38, "6U": 38, "6V": 38, "6X": 32,
}  # fmt: skip
"""At most so many signs; 0: no bound but the seal's own."""
