"""What the page asks for in forms, and what comes back."""
