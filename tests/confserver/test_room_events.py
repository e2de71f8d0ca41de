"""Who listens to what happens in rooms hears it, by kind or all of it, in order."""

from pathlib import Path

from structlog.testing import capture_logs

from confserver.events import RoomEvent, RoomEventKind, RoomEvents

JOINED = RoomEvent(RoomEventKind.PARTICIPANT_JOINED, "m", "p", "guest")
LEFT = RoomEvent(RoomEventKind.PARTICIPANT_LEFT, "m", "p", "left")


def test_each_listener_hears_its_kind_and_some_hear_all() -> None:
    events = RoomEvents()
    joined: list[RoomEvent] = []
    everything: list[RoomEvent] = []
    events.emitter.on(RoomEventKind.PARTICIPANT_JOINED.value, joined.append)
    events.emitter.on(RoomEvents.ANY, everything.append)
    events.publish(JOINED)
    events.publish(LEFT)
    assert joined == [JOINED]
    assert everything == [JOINED, LEFT]


def test_a_listener_that_fails_hurts_nobody_else() -> None:
    events = RoomEvents()
    heard: list[RoomEvent] = []

    def fail(event: RoomEvent) -> None:
        raise ZeroDivisionError

    for kind in (RoomEventKind.PARTICIPANT_JOINED.value, RoomEvents.ANY):
        events.emitter.on(kind, fail)
        events.emitter.on(kind, heard.append)
    with capture_logs() as logs:
        events.publish(JOINED)
    assert heard == [JOINED, JOINED]
    assert [entry["event"] for entry in logs] == ["a listener to room events failed"] * 2


def test_without_a_listener_nothing_happens() -> None:
    RoomEvents().publish(JOINED)


def test_no_kind_is_called_like_all_kinds() -> None:
    assert RoomEvents.ANY not in {kind.value for kind in RoomEventKind}


def test_every_kind_that_can_be_read_is_written_down_and_no_other() -> None:
    text = (Path(__file__).parents[2] / "docs/events.md").read_text()
    told = {kind.value for kind in RoomEventKind if f"`{kind.value}`" in text}
    assert told == {kind.value for kind in RoomEventKind} - {RoomEventKind.KNOCK_REFUSED.value}
