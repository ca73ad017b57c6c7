"""Makes what the clients have of the service's own description: run `make clients` after a change of `wire`."""
