"""The trust store: certificates of countries, from lists that somebody vouched for."""
