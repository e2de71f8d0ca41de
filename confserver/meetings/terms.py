"""What a stored meeting's fields say of its life, in seconds: the step from a definition to `life`."""

from datetime import datetime

from confserver.meetings.fields import StartBy
from confserver.meetings.life import Terms
from confserver.meetings.meeting import Meeting
from confserver.meetings.schedule import Schedule

MINUTE_S = 60.0


def schedule_of(meeting: Meeting) -> Schedule:
    """When it is meant to be. Its time zone counts only for what repeats: a time is the same everywhere."""
    start, end = _seconds(meeting.scheduled_start_at), _seconds(meeting.scheduled_end_at)
    return Schedule(start, end, meeting.recurrence, meeting.timezone) if meeting.recurrence else Schedule(start, end)


def terms_of(meeting: Meeting) -> Terms:
    """What becomes of it, and when."""
    return Terms(
        schedule=schedule_of(meeting),
        starts_by_host=meeting.start_by is StartBy.HOST,
        no_show_s=_minutes(meeting.no_show_close),
        closes_on_nobody=meeting.close_on_nobody,
        ends_with_last_host=meeting.end_with_last_host,
        max_duration_s=_minutes(meeting.max_duration),
        purge_at=_seconds(meeting.purge_at),
    )


def _seconds(at: datetime | None) -> float | None:
    return at.timestamp() if at else None


def _minutes(minutes: int | None) -> float | None:
    return None if minutes is None else minutes * MINUTE_S
