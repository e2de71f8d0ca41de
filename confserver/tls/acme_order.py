"""One order of a certificate by ACME (RFC 8555), proved over plain HTTP (http-01, section 8.3).

It blocks for seconds, so it runs in a thread of its own. When to order, and where the certificate is kept, is not its
matter.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from acme import challenges, client, crypto_util, errors, messages
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from josepy.jwa import ES256
from josepy.jwk import JWKEC
from josepy.util import ComparableECKey

from confserver import __version__
from confserver.errors import ConfigError
from confserver.tls.private_file import write_private

REQUEST_LIMIT_S = 20
ORDER_LIMIT = timedelta(seconds=120)
LONGEST_REASON = 400


class OrderFailed(Exception):
    """The authority gave no certificate; the message is its reason, or why it was not reached."""


@dataclass(frozen=True, slots=True)
class Authority:
    """Whom to order from, and as whom: the account is whoever has the key in `account_key`, made on first use."""

    directory: str
    email: str
    account_key: Path


Publish = Callable[[str, str], None]
"""Takes a token and the text that has to be found under it."""


def order_certificate(authority: Authority, domain: str, publish: Publish) -> bytes:
    """A certificate for `domain` with its chain and a fresh key, as PEM.

    Raises OrderFailed, ConfigError if the account's key cannot be kept.
    """
    try:
        network = client.ClientNetwork(
            _account_key(authority.account_key),
            alg=ES256,
            user_agent=f"confserver/{__version__}",
            timeout=REQUEST_LIMIT_S,
        )
        with network.session:
            return _order(_log_in(network, authority), domain, publish)
    except (OrderFailed, ConfigError):
        raise
    # The library lets through whatever an unreachable or strange authority makes of its sockets and parsers.
    except Exception as error:
        raise OrderFailed(_reason(error)[:LONGEST_REASON]) from error


def _log_in(network: client.ClientNetwork, authority: Authority) -> client.ClientV2:
    """The account is opened if it is new. That the operator named a domain is the consent to the terms."""
    connection = client.ClientV2(client.ClientV2.get_directory(authority.directory, network), network)
    wanted = messages.NewRegistration.from_data(email=authority.email or None, terms_of_service_agreed=True)
    try:
        connection.new_account(wanted)
    except errors.ConflictError as known:
        network.account = messages.RegistrationResource(body=messages.Registration(), uri=known.location)
    return connection


def _order(connection: client.ClientV2, domain: str, publish: Publish) -> bytes:
    key = _new_key()
    order = connection.new_order(crypto_util.make_csr(key, [domain]))
    for authorization in order.authorizations:
        if authorization.body.status != messages.STATUS_VALID:
            _answer(connection, authorization, publish)
    # The library compares with the local time of this machine.
    done = connection.poll_and_finalize(order, datetime.now() + ORDER_LIMIT)
    return str(done.fullchain_pem).encode() + key


def _answer(connection: client.ClientV2, authorization: messages.AuthorizationResource, publish: Publish) -> None:
    for offered in authorization.body.challenges:
        if isinstance(offered.chall, challenges.HTTP01):
            response, expected = offered.response_and_validation(connection.net.key)
            publish(offered.chall.encode("token"), expected)
            connection.answer_challenge(offered, response)
            return
    raise OrderFailed("the authority offers no proof over plain HTTP (http-01)")


def _account_key(path: Path) -> JWKEC:
    if not path.exists():
        write_private(path, _new_key())
    try:
        key = load_pem_private_key(path.read_bytes(), None)
    except ValueError:
        key = None
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise OrderFailed(f"{path}: this is not the key of an account that was opened here")
    return JWKEC(key=ComparableECKey(key))


def _new_key() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _reason(error: Exception) -> str:
    """The words of the authority where it has said any."""
    if isinstance(error, errors.ValidationError):
        faults = [item.error for failed in error.failed_authzrs for item in failed.body.challenges if item.error]
        return "; ".join(str(fault.detail) for fault in faults)
    if isinstance(error, errors.IssuanceError):
        return str(error.error.detail)
    if isinstance(error, messages.Error):
        return str(error.detail)
    if isinstance(error, errors.TimeoutError):
        return f"it was not decided within {ORDER_LIMIT.seconds} s"
    return str(error) or type(error).__name__
