"""What machines read on identity documents: the zone of ICAO Doc 9303 and its relatives, and AAMVA barcodes, as text."""
