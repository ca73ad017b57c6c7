"""The page on which a client onboards: hosted onboarding, over the same use cases as the API."""
