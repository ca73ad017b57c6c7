"""The files of a chip: verified, never trusted. Bytes and certificates here; what they mean is the domain's."""
