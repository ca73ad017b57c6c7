"""What pages are made of, of the console and of the hosted page alike; no page is here, and no address."""
