"""The benchmark: Ostiary beside the usual way of building the same service, on the same machine at the same time."""
