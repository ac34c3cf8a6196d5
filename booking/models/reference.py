"""What a visit is called at the desk."""

import secrets

# Read out on the telephone: no letters or digits that sound or look alike.
REFERENCE_ALPHABET = "23456789CFGHJKMPQRVWX"


def new_reference() -> str:
    """A reference such as `K7M-2QF`: a name for the desk, not a secret."""
    letters = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(6))
    return f"{letters[:3]}-{letters[3:]}"
