"""Call records follow from what happened, and from nothing else."""

from hypothesis import given, settings
from hypothesis import strategies as st

from confserver.events import RoomEventKind as Kind
from confserver.stream.calls import INTERRUPTED, About, CallKind, CallRecord, Calls
from confserver.stream.event import StreamEvent

ABOUT = {"m": About("owner", "Weekly", "110"), "n": About("owner", "Daily", "111")}


class Story:
    """Events one second apart, and the records as they stand after each."""

    def __init__(self) -> None:
        self.calls = Calls()
        self.events: list[StreamEvent] = []
        self.records: dict[int, CallRecord] = {}

    def tell(
        self, kind: Kind, who: str | None = None, detail: str | None = None, meeting: str = "m", **data: str
    ) -> None:
        number = len(self.events) + 1
        event = StreamEvent("t", number, kind, meeting, 100.0 + number, "owner", who, detail, data)
        self.events.append(event)
        self.records |= {record.first_event: record for record in self.calls.hear(event, ABOUT)}

    def of(self, kind: CallKind) -> list[CallRecord]:
        return [record for record in self.records.values() if record.kind is kind]


def test_a_meeting_and_its_legs() -> None:
    story = Story()
    story.tell(Kind.ROOM_OPENED)
    story.tell(Kind.PARTICIPANT_JOINED, "a", "host", display_name="Ada", role="host", via="browser")
    story.tell(Kind.PARTICIPANT_JOINED, "b", "guest", display_name="Bob", role="guest", via="browser")
    story.tell(Kind.PARTICIPANT_UPDATED, "b", display_name="Robert")
    story.tell(Kind.PARTICIPANT_LEFT, "a", "left")
    story.tell(Kind.PARTICIPANT_LEFT, "b", "removed")
    story.tell(Kind.ROOM_CLOSED, None, "ended")
    (meeting,) = story.of(CallKind.MEETING)
    assert (meeting.duration_s, meeting.reason, meeting.most_participants, meeting.legs) == (6, "ended", 2, 2)
    assert meeting.about.subject == "Weekly"
    legs = [(leg.display_name, leg.role, leg.duration_s, leg.reason) for leg in story.of(CallKind.LEG)]
    assert legs == [("Ada", "host", 3, "left"), ("Robert", "guest", 3, "removed")]


def test_the_end_of_a_meeting_ends_its_legs() -> None:
    story = Story()
    story.tell(Kind.ROOM_OPENED)
    story.tell(Kind.PARTICIPANT_JOINED, "a", display_name="Ada")
    story.tell(Kind.ROOM_CLOSED, None, "time_up")
    assert {record.reason for record in story.records.values()} == {"time_up"}


def test_a_leg_that_a_restart_found_in_its_seat_goes_on() -> None:
    before = Story()
    before.tell(Kind.ROOM_OPENED)
    before.tell(Kind.PARTICIPANT_JOINED, "a", display_name="Ada")
    after = Story()
    after.calls.recall(before.records.values())
    after.events = before.events
    after.tell(Kind.ROOM_OPENED)
    after.tell(Kind.PARTICIPANT_JOINED, "a", display_name="Ada")
    after.tell(Kind.PARTICIPANT_LEFT, "a", "left")
    (leg,) = after.of(CallKind.LEG)
    assert (leg.first_event, leg.duration_s) == (2, 3)


def test_what_nobody_came_back_to_was_interrupted() -> None:
    story = Story()
    story.tell(Kind.ROOM_OPENED)
    story.tell(Kind.PARTICIPANT_JOINED, "a", display_name="Ada")
    ended = list(story.calls.interrupt("m", 150.0))
    assert [(record.kind, record.reason, record.ended_at) for record in ended] == [
        (CallKind.LEG, INTERRUPTED, 150.0),
        (CallKind.MEETING, INTERRUPTED, 150.0),
    ]
    assert story.calls.meeting_ids == ()


KINDS = [Kind.ROOM_OPENED, Kind.PARTICIPANT_JOINED, Kind.PARTICIPANT_UPDATED, Kind.PARTICIPANT_LEFT, Kind.ROOM_CLOSED]


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from("abc"), st.sampled_from("mn")), max_size=30),
    st.integers(0, 30),
)
def test_a_fork_that_fails_and_a_restart_change_nothing_of_the_records(
    happened: list[tuple[Kind, str, str]], cut: int
) -> None:
    whole, broken = Story(), Story()
    for index, (kind, who, meeting) in enumerate(happened):
        whole.tell(kind, who, "left", meeting, display_name=who)
        fork = broken.calls.fork({meeting})
        list(fork.hear(whole.events[-1], ABOUT))  # a transaction that was rolled back
        if index == cut:
            broken.calls = Calls()
            broken.calls.recall([record for record in broken.records.values() if record.ended_at is None])
        broken.tell(kind, who, "left", meeting, display_name=who)
    assert broken.records == whole.records
    assert all(record.ended_at is None or record.ended_at >= record.started_at for record in whole.records.values())
