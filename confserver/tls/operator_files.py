"""Serves the operator's own certificate, and reads it again when its files change.

It renews nothing: whoever writes the files does.
"""

import asyncio
from datetime import UTC, datetime

import structlog

from confserver.errors import ConfigError
from confserver.tls.certificate import PemFiles, load_certificate
from confserver.tls.serving import ServedCertificate

log = structlog.get_logger()

LOOK_INTERVAL_S = 2.0


class OperatorFiles:
    """Opening it raises ConfigError that names the setting and the file."""

    def __init__(self, files: PemFiles) -> None:
        self._files = files
        # Taken before the files are read: what changes meanwhile is noticed the next time.
        self._stamp = _stamp(files)
        self.served = ServedCertificate(load_certificate(files))
        self._warn_if_expired()

    async def keep(self) -> None:
        """Look at the files until cancelled."""
        while True:
            await asyncio.sleep(LOOK_INTERVAL_S)
            self.look()

    def look(self) -> None:
        """Serve what is in the files, if they have changed; what cannot be served is told once and changes nothing."""
        stamp = _stamp(self._files)
        if stamp == self._stamp:
            return
        self._stamp = stamp
        try:
            self.served.current = load_certificate(self._files)
        except ConfigError as error:
            log.error("the new certificate cannot be used; the old one is still served", reason=error.message)
            return
        log.info("the new certificate is served", valid_until=self.served.current.ends_at.isoformat())
        self._warn_if_expired()

    def _warn_if_expired(self) -> None:
        ends_at = self.served.current.ends_at
        if ends_at < datetime.now(UTC):
            log.warning("the certificate has expired", file=str(self._files.certificate), since=ends_at.isoformat())


def _stamp(files: PemFiles) -> object:
    try:
        return files.stamp()
    except OSError as error:
        return str(error)
