"""What machines read on identity documents, as text: zones of ICAO Doc 9303 and their relatives, AAMVA barcodes."""
