"""The stored half of the control plane, opened and closed as one: what the daemon and the command line share.

It knows no live room and opens no socket.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from confserver.addresses import public_url
from confserver.auth.accounts import Accounts
from confserver.auth.passwords import Passwords
from confserver.auth.service import Auth
from confserver.config import Settings
from confserver.errors import StoreError, Unavailable
from confserver.meetings.life_rows import LifeRows
from confserver.meetings.links import Links
from confserver.meetings.service import Meetings
from confserver.rooms.bans import Removal
from confserver.rooms.door_rows import ban_rows, waiting_rows
from confserver.rooms.join_tokens import JoinTokens
from confserver.rooms.ledger_rows import LedgerRows
from confserver.rooms.seat_rows import SeatRows
from confserver.rooms.seat_tokens import SeatTokens
from confserver.rooms.waiting_entry import WaitingEntry
from confserver.store.folder import DATABASE
from confserver.store.key_files import key_from_file
from confserver.store.store import Store
from confserver.tenants.looks import Looks

SEAT_KEY_FILE = "seat.key"


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that is stored, and the links to it."""

    accounts: Accounts
    auth: Auth
    meetings: Meetings
    links: Links
    seats: SeatRows
    seat_tokens: SeatTokens
    lives: LifeRows
    waiting: LedgerRows[WaitingEntry]
    bans: LedgerRows[Removal]
    join_tokens: JoinTokens
    store: Store
    looks: Looks


@asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """The services on the data folder of `settings`; raises ConfigError or StoreError if it cannot be used."""
    store = await Store.open(settings.data_dir)
    passwords = Passwords()
    meetings = Meetings(store)
    try:
        await meetings.check_seal()
        seat_key = key_from_file(settings.data_dir / SEAT_KEY_FILE)
        yield Services(
            Accounts(store, passwords),
            Auth(store, passwords, settings.auth.access_token_s, settings.auth.refresh_token_s),
            meetings,
            Links(public_url(settings)),
            SeatRows(store),
            SeatTokens(seat_key),
            LifeRows(store),
            waiting_rows(store),
            ban_rows(store),
            JoinTokens(store, seat_key),
            store,
            Looks(store, settings.data_dir),
        )
    except Unavailable as error:
        # A start and a command have nobody who tries again, but an operator who wants to know which file it is about.
        raise StoreError(f"{settings.data_dir / DATABASE}: {error.message}") from error
    finally:
        passwords.close()
        await store.close()
