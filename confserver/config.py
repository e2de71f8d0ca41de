"""What an operator may set, with its defaults, limits and meaning.

It reads nothing (`confserver.config_sources` does) and imports no media library, so that a bad setting stops the start
within a second. `config.example.toml` is rendered from it by `confserver.config_example`.
"""

import ipaddress
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr


def _items(value: object) -> object:
    """A list may be one string with commas, which is how the environment gives it."""
    return [item.strip() for item in value.split(",") if item.strip()] if isinstance(value, str) else value


def _address(value: str) -> str:
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        raise ValueError("should be an IPv4 or IPv6 address") from None


def _origin(value: str) -> str:
    """`scheme://host[:port]`, without a final slash."""
    parts = urlsplit(value)
    is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    if not is_web or parts.path not in {"", "/"} or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("should be http:// or https://, a host and perhaps a port, and nothing after it")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _origin_or_blank(value: str) -> str:
    return _origin(value) if value else value


Addresses = Annotated[tuple[Annotated[str, AfterValidator(_address)], ...], BeforeValidator(_items)]
Origins = Annotated[tuple[Annotated[str, AfterValidator(_origin)], ...], BeforeValidator(_items)]


class Section(BaseModel):
    """A table of the TOML file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class HttpSettings(Section):
    """Pages, REST API and WebSocket."""

    host: str = Field(
        default="127.0.0.1",
        min_length=1,
        description="Address to listen on. 0.0.0.0 or :: opens the server to the network.",
    )
    port: int = Field(default=8080, ge=1, le=65535, description="TCP port to listen on.")
    public_url: Annotated[str, AfterValidator(_origin_or_blank)] = Field(
        default="",
        description="How the server is reached from outside, such as https://meet.example.com; links begin with it. "
        "Empty: made from host and port.",
    )
    allowed_origins: Origins = Field(
        default=(),
        description="Other web sites whose pages may open meetings, such as https://intranet.example.com. "
        "The server's own pages always may.",
    )


class MediaSettings(Section):
    """Sound and pictures."""

    udp_port: int = Field(
        default=10000,
        ge=1,
        le=65535,
        description="UDP port of the first media worker; each further worker takes the next one.",
    )
    workers: int = Field(
        default=1, ge=1, le=64, description="Number of media processes; a room lives whole in one of them."
    )
    advertised_addresses: Addresses = Field(
        default=(),
        description="IP addresses at which browsers reach the media ports. Empty: the loopback address if http.host is "
        "one and http.public_url is not set, else the addresses of this machine.",
    )
    max_speakers: int = Field(
        default=6, ge=1, le=50, description="Number of people who are heard at the same time in a room."
    )


class LogSettings(Section):
    """What the server says of its work, on standard error."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="The least important messages to show: debug, info, warning or error."
    )
    format: Literal["text", "json"] = Field(default="text", description="text for people, json for programs.")


class AuthSettings(Section):
    """Sessions of people and programs that log in."""

    access_token_s: int = Field(
        default=3600, ge=60, le=86_400, description="Seconds for which an access token is good."
    )
    refresh_token_s: int = Field(
        default=1_209_600, ge=3600, le=31_536_000, description="Seconds for which a session can be refreshed (14 days)."
    )


class Settings(Section):
    """Everything an operator may set; frozen and valid."""

    data_dir: Path = Field(
        default=Path("data"),
        description="Folder of the database and the key that protects PINs; made if it is missing.",
    )
    admin_user: str = Field(
        default="admin",
        min_length=1,
        max_length=64,
        description="User name of the first administrator, used on the first start.",
    )
    admin_password: SecretStr = Field(
        default=SecretStr(""),
        description="Password of the first administrator, used on the first start. "
        "Empty: one is made up and shown once.",
    )
    http: HttpSettings = HttpSettings()
    media: MediaSettings = MediaSettings()
    log: LogSettings = LogSettings()
    auth: AuthSettings = AuthSettings()
