"""What an operator may set, with its defaults, limits and meaning.

It reads nothing (`confserver.config_sources` does) and imports no media library, so that a bad setting stops the start
within a second. `config.example.toml` is rendered from it by `confserver.config_example`.
"""

import ipaddress
import re
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationInfo,
    field_validator,
)

HOST_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*")
LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory"

HOST = re.compile(r"([A-Za-z0-9_.*-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?")
"""A host of an origin, which goes into header fields as it is."""


def _items(value: object) -> object:
    """A list may be one string with commas, which is how the environment gives it."""
    return [item.strip() for item in value.split(",") if item.strip()] if isinstance(value, str) else value


def _address(value: str) -> str:
    try:
        return str(ipaddress.ip_address(value))
    except ValueError:
        raise ValueError("should be an IPv4 or IPv6 address") from None


def _network(value: str) -> str:
    try:
        return str(ipaddress.ip_network(value, strict=False))
    except ValueError:
        raise ValueError("should be an IP address or a network such as 10.0.0.0/8") from None


def _origin(value: str) -> str:
    """`scheme://host[:port]`, without a final slash."""
    parts = urlsplit(value)
    is_web = parts.scheme in {"http", "https"} and HOST.fullmatch(parts.netloc)
    if not is_web or parts.path not in {"", "/"} or parts.query or parts.fragment:
        raise ValueError("should be http:// or https://, a host and perhaps a port, and nothing after it")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _origin_or_blank(value: str) -> str:
    return _origin(value) if value else value


def _host_name_or_blank(value: str) -> str:
    name = value.lower()
    # The last label of a name is never a number; that of an IPv4 address is.
    if name and (not HOST_NAME.fullmatch(name) or name.rpartition(".")[2].isdigit()):
        raise ValueError("should be a host name such as meet.example.com")
    return name


def _https_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme != "https" or not parts.hostname:
        raise ValueError("should be an address that begins with https://")
    return value


Addresses = Annotated[tuple[Annotated[str, AfterValidator(_address)], ...], BeforeValidator(_items)]
Networks = Annotated[tuple[Annotated[str, AfterValidator(_network)], ...], BeforeValidator(_items)]
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
        description="Other web sites whose pages may open meetings and call the API (with an access key or a bearer "
        "token; not to log in), such as https://intranet.example.com. The server's own pages always may.",
    )
    frame_ancestors: Origins = Field(
        default=(),
        description="Web sites that may show the pages in a frame, such as https://intranet.example.com; the frame "
        'needs allow="camera; microphone; display-capture; fullscreen". Empty: none may.',
    )
    trusted_proxies: Networks = Field(
        default=(),
        description="Addresses or networks of your own reverse proxies, such as 127.0.0.1 or 10.0.0.0/8. Only they are "
        "believed when they say, by X-Forwarded-For, -Proto and -Host, who asks for what.",
    )
    metrics_from: Networks = Field(
        default=("127.0.0.0/8", "::1/128"),
        description="Addresses or networks that may read the figures at /metrics; for others there is no such address. "
        "A proxy on this machine has to be named in http.trusted_proxies: else whoever comes through it counts as this "
        "machine.",
    )
    max_connections_per_source: int = Field(
        default=500,
        ge=10,
        le=100_000,
        description="TCP connections, and WebSockets, that one IPv4 address or one IPv6 /64 network may hold open. "
        "Each guest holds one, and up to six more while a page loads. Trusted proxies may hold any number of "
        "connections.",
    )
    max_requests_per_s: int = Field(
        default=100,
        ge=1,
        le=100_000,
        description="Requests a second that one IPv4 address or one IPv6 /64 network may make in the long run; twenty "
        "times as many at once.",
    )


class TlsSettings(Section):
    """HTTPS: without it browsers give microphone and camera to nobody but the machine itself."""

    mode: Literal["auto", "off", "self-signed"] = Field(
        default="auto",
        description="auto: the certificate that is named below; if none is, a self-signed one, but plain HTTP where "
        "http.host is a loopback address or http.public_url begins with http://. off: plain HTTP, for a web server "
        "with a certificate in front. self-signed: a certificate made here; browsers warn of it.",
    )
    certificate: str = Field(
        default="",
        description="PEM file of a certificate, followed by those that lead to its root. Read again when it changes.",
    )
    key: str = Field(
        default="",
        description="PEM file of its private key, without a passphrase. Empty: the key is in the file of "
        "tls.certificate.",
    )
    acme_domain: Annotated[str, AfterValidator(_host_name_or_blank)] = Field(
        default="",
        description="Host name of this server, such as meet.example.com. Setting it orders and renews a certificate "
        "from tls.acme_directory and accepts the terms of that authority.",
    )
    acme_email: str = Field(
        default="", max_length=254, description="Where the authority may write to. Empty: it cannot."
    )
    acme_directory: Annotated[str, AfterValidator(_https_address)] = Field(
        default=LETS_ENCRYPT, description="Directory address of the certificate authority (RFC 8555)."
    )
    redirect_port: int = Field(
        default=0,
        ge=0,
        le=65535,
        description="TCP port of plain HTTP that sends browsers on to HTTPS and proves tls.acme_domain to the "
        "authority, which always asks at port 80. 0: port 80 with tls.acme_domain, none without.",
    )

    @field_validator("key")
    @classmethod
    def _belongs_to_a_certificate(cls, value: str, info: ValidationInfo) -> str:
        if value and not info.data.get("certificate"):
            raise ValueError("needs tls.certificate beside it")
        return value

    @field_validator("acme_domain")
    @classmethod
    def _is_the_only_source(cls, value: str, info: ValidationInfo) -> str:
        if value and info.data.get("certificate"):
            raise ValueError("cannot be set beside tls.certificate: one of the two must go")
        return value


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
    keep_audit_days: int = Field(
        default=365, ge=1, le=36_600, description="Days for which is kept who did what by the API, and from where."
    )


class MeetingsSettings(Section):
    """What holds for meetings of all tenants."""

    max_online: int = Field(
        default=20,
        ge=1,
        le=10_000,
        description="Number of meetings of one tenant that may be running at the same time. One tenant may be given "
        "another number by `confserver tenant limit`.",
    )


class EventsSettings(Section):
    """The stream of what happened, and the call records that are made from it."""

    keep_days: int = Field(default=90, ge=1, le=3660, description="Days for which events can be replayed.")
    keep_most: int = Field(
        default=1_000_000, ge=1_000, le=100_000_000, description="Events of one tenant that are kept at most."
    )
    keep_records_days: int = Field(default=730, ge=1, le=36_600, description="Days for which call records are kept.")
    keeps_chat: bool = Field(default=False, description="Whether what people write in meetings goes into the stream.")


class Settings(Section):
    """Everything an operator may set; frozen and valid."""

    data_dir: Path = Field(
        default=Path("data"),
        description="Folder of the database, its keys and certificates that are made here; made if it is missing.",
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
    tls: TlsSettings = TlsSettings()
    media: MediaSettings = MediaSettings()
    log: LogSettings = LogSettings()
    auth: AuthSettings = AuthSettings()
    meetings: MeetingsSettings = MeetingsSettings()
    events: EventsSettings = EventsSettings()
