"""Serves a certificate of an ACME authority: orders the first, renews each in time, goes on with the old one meanwhile.

How one is ordered is in `confserver.tls.acme_order`.
"""

import asyncio
import random
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import structlog

from confserver.errors import ConfigError
from confserver.tls.acme_order import Authority, OrderFailed, Publish, order_certificate
from confserver.tls.certificate import Certificate, PemFiles, load_certificate
from confserver.tls.private_file import write_private
from confserver.tls.renewal import due_at, pause_s
from confserver.tls.serving import ServedCertificate

log = structlog.get_logger()

LOOK_INTERVAL_S = 3600.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What to order, from whom, and where it is kept."""

    domain: str
    authority: Authority
    path: Path


class AcmeCertificate:
    """Serves the certificate of an earlier order, or `stand_in` until there is one."""

    def __init__(self, enrolment: Enrolment, stand_in: Callable[[], Certificate], publish: Publish) -> None:
        self._enrolment = enrolment
        self._publish = publish
        kept = self._kept()
        self.served = ServedCertificate(kept or stand_in())
        self._order_at = due_at(kept.leaf, random.random()) if kept else datetime.now(UTC)
        self._failures = 0

    async def keep(self) -> None:
        """Order when it is due, until cancelled."""
        while True:
            remaining_s = (self._order_at - datetime.now(UTC)).total_seconds()
            if remaining_s > 0:
                # In steps, because a machine that was suspended or set right has another time of day than its timers.
                await asyncio.sleep(min(remaining_s, LOOK_INTERVAL_S))
            else:
                await self._order()

    async def _order(self) -> None:
        wanted = self._enrolment
        try:
            issued = await _in_thread(lambda: order_certificate(wanted.authority, wanted.domain, self._publish))
            write_private(wanted.path, issued)
            certificate = load_certificate(PemFiles(wanted.path, wanted.path))
        except (OrderFailed, ConfigError) as error:
            self._failures += 1
            self._order_at = self._after_pause()
            again_at = self._order_at.isoformat(timespec="seconds")
            log.error("no certificate from the authority", domain=wanted.domain, reason=str(error), again_at=again_at)
            return
        self._failures = 0
        # An authority whose certificates are due when they are issued must not be asked without end.
        self._order_at = max(due_at(certificate.leaf, random.random()), self._after_pause())
        self.served.current = certificate
        log.info("the authority's certificate is served", domain=wanted.domain, until=certificate.ends_at.isoformat())

    def _after_pause(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=pause_s(self._failures, random.random()))

    def _kept(self) -> Certificate | None:
        path = self._enrolment.path
        try:
            kept = load_certificate(PemFiles(path, path))
        except ConfigError:
            return None
        return kept if self._enrolment.domain in kept.names else None


async def _in_thread(work: Callable[[], T]) -> T:
    """The result of `work`. Unlike the loop's own threads, this one is not waited for when the server stops."""
    result: Future[T] = Future()
    # So that a caller that is cancelled leaves the result alone.
    result.set_running_or_notify_cancel()

    def run() -> None:
        try:
            result.set_result(work())
        except Exception as error:
            result.set_exception(error)

    threading.Thread(target=run, name="acme order", daemon=True).start()
    return await asyncio.wrap_future(result)
