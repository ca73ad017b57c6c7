"""What follows from the service's own description: types, operations and refusals. `make clients` writes it."""
