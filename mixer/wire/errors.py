"""The one error of the wire parsers. It says nothing about what a caller should do with the datagram."""


class WireError(ValueError):
    """A datagram that is not what its parser expects; the message names what is wrong with it."""
