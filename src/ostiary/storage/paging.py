"""Where a page of rows begins that are read by their ids, newest first."""

from ostiary.domain.ids import ALPHABET, LENGTH

AFTER_ALL_IDS = ALPHABET[-1] * (LENGTH + 1)
