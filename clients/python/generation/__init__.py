"""Makes what the Python client has of the service's own description: run `make clients` after a change of `wire`."""
