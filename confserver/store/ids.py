"""Ids and secrets, from the operating system's randomness.

Ids tell nothing and are no secret; keys and tokens are.
"""

import secrets


def new_id() -> str:
    """An opaque id of 128 bits, 32 hexadecimal digits."""
    return secrets.token_hex(16)


def new_access_key() -> str:
    """The secret of an invite link: 128 bits in base64url, 22 characters."""
    return secrets.token_urlsafe(16)


def new_token() -> str:
    """A bearer token: 256 bits in base64url, 43 characters."""
    return secrets.token_urlsafe(32)
