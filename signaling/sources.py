"""Who counts as one when limits are kept: an address, or the network that its owner can pick addresses from.

It limits nothing itself and looks nothing up. RFC 4291 section 2.5.5.2 (mapped addresses), RFC 6177 (a site has at
least a /64).
"""

import ipaddress

SITE_BITS = 64
"""Whoever has one IPv6 address has the 2^64 of its network."""


def plain_address(address: str) -> str:
    """An IPv4 address as such, also where a dual-stack socket writes it as an IPv6 one; all else unchanged."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return str(mapped or parsed)


def source_of(address: str | None) -> str:
    """The source that a client address counts for: IPv4 its own, IPv6 its /64. Unknown ones count as one."""
    try:
        parsed = ipaddress.ip_address(plain_address(address or ""))
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    return str(ipaddress.ip_network((int(parsed), SITE_BITS), strict=False))
