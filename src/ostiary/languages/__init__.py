"""The languages in which people read what Ostiary says: which are offered, which is wanted, what a text is in each."""
