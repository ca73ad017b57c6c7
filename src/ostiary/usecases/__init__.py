"""One verb each, read as a sentence: load, decide, save, announce. They see ports, never what implements them."""
