"""The page on which a client onboards himself, by a link that a company made: `/onboarding`."""
