"""What happens gets its number; what could not be stored keeps it."""

from collections.abc import Callable

from confserver.events import RoomEvent, RoomEventKind
from confserver.stream.event import StreamEvent
from confserver.stream.ledger import MOST_BATCH, MOST_PENDING, Ledger


class Later:
    """Remembers what is to be done later, and does it when told."""

    def __init__(self) -> None:
        self.due: list[Callable[[], None]] = []

    def __call__(self, delay_s: float, act: Callable[[], None]) -> None:
        self.due.append(act)

    def come(self) -> None:
        due, self.due = self.due, []
        for act in due:
            act()


def ledger_of(*events: RoomEvent, keeps_chat: bool = False) -> Ledger:
    ledger = Ledger(lambda: 1000.0, Later(), keeps_chat=keeps_chat)
    for event in events:
        ledger.hear(event)
    return ledger


def joined(tenant_id: str = "t", meeting_id: str = "m") -> RoomEvent:
    return RoomEvent(RoomEventKind.PARTICIPANT_JOINED, meeting_id, "p", "guest", tenant_id)


def batch(ledger: Ledger) -> list[tuple[str, int]]:
    return [(event.tenant_id, event.number) for event in ledger.take_changes() or ()]


def test_each_tenant_counts_for_itself() -> None:
    ledger = ledger_of(joined("a"), joined("b"), joined("a"))
    assert batch(ledger) == [("a", 1), ("b", 1), ("a", 2)]


def test_a_stream_goes_on_where_it_stopped() -> None:
    ledger = Ledger(lambda: 1000.0, Later())
    ledger.begin([("a", 41)])
    ledger.hear(joined("a"))
    assert batch(ledger) == [("a", 42)]


def test_what_was_not_stored_comes_again_under_its_number() -> None:
    ledger = ledger_of(joined(), joined())
    first = ledger.take_changes()
    ledger.changes_failed()
    ledger.hear(joined())
    second = ledger.take_changes()
    assert first is not None
    assert second is not None
    assert second[:2] == first
    ledger.changes_stored(second)
    assert ledger.take_changes() is None


def test_a_long_queue_is_stored_in_batches() -> None:
    ledger = ledger_of(*[joined()] * (MOST_BATCH + 1))
    calls: list[None] = []
    ledger.on_change = lambda: calls.append(None)
    first = ledger.take_changes()
    assert first is not None
    assert len(first) == MOST_BATCH
    ledger.changes_stored(first)
    assert calls, "more is due"
    assert batch(ledger) == [("t", MOST_BATCH + 1)]


def test_while_the_database_is_gone_the_oldest_give_way() -> None:
    ledger = ledger_of(*[joined()] * (MOST_PENDING + 10))
    ledger.changes_failed()
    stored = 0
    while (events := ledger.take_changes()) is not None:
        stored += len(events)
        ledger.changes_stored(events)
    assert stored == MOST_PENDING


def test_speakers_are_told_once_a_second_and_the_last_word_counts() -> None:
    later = Later()
    ledger = Ledger(lambda: 1000.0, later)
    for speaker in ("ada", "bob", "cleo"):
        ledger.hear(RoomEvent(RoomEventKind.SPEAKERS, "m", tenant_id="t", data={"participant_ids": [speaker]}))
    assert [_speakers(event) for event in taken(ledger)] == [["ada"]]
    later.come()
    assert [_speakers(event) for event in taken(ledger)] == [["cleo"]]
    later.come()
    assert not taken(ledger)
    assert not later.due, "nothing is due while nobody speaks"


def test_chat_goes_into_the_stream_only_if_it_is_wanted() -> None:
    chat = RoomEvent(RoomEventKind.CHAT, "m", "p", tenant_id="t", data={"text": "hello"})
    assert not taken(ledger_of(chat))
    assert [event.data["text"] for event in taken(ledger_of(chat, keeps_chat=True))] == ["hello"]


def test_a_knock_at_no_door_of_ours_is_in_nobodys_stream() -> None:
    assert not taken(ledger_of(RoomEvent(RoomEventKind.KNOCK_REFUSED, "", detail="not_found")))


def taken(ledger: Ledger) -> tuple[StreamEvent, ...]:
    events = ledger.take_changes() or ()
    ledger.changes_stored(events)
    return events


def _speakers(event: StreamEvent) -> object:
    return event.data["participant_ids"]
