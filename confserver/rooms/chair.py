"""Who owns a meeting while it lasts: at most one of its hosts, the chairman.

Rules on who comes and goes; handing the meeting over is a command like any other (`roles`).
"""

from confserver.rooms.participant import Participant
from confserver.rooms.people import People


def offer(people: People, host: Participant, owner_id: str) -> tuple[Participant, ...]:
    """A host comes in: the chair is theirs if it is free, or if they own the meeting and nobody else who has it was
    given it or owns it too. Returns those who look different by it.
    """
    state = people.state
    holder = people.present.get(state.chairman_id or "")
    if holder is not None and (state.is_chair_given or host.marks.user_id != owner_id or _owns(holder, owner_id)):
        return ()
    state.chairman_id, state.is_chair_given = host.participant_id, False
    return (host,) if holder is None else (host, holder)


def vacate(people: People, participant_id: str) -> bool:
    """Somebody is gone: what they had of the room passes on, the chair to the host who is in longest.

    Returns whether anybody looks different by it.
    """
    state = people.state
    is_missed = participant_id in (state.chairman_id, state.spotlight_id, *state.hands)
    state.hands = [each for each in state.hands if each != participant_id]
    if state.spotlight_id == participant_id:
        state.spotlight_id = None
    if state.chairman_id == participant_id:
        state.chairman_id = next((host.participant_id for host in people.hosts), None)
        state.is_chair_given = False
    return is_missed


def _owns(participant: Participant, owner_id: str) -> bool:
    return participant.marks.user_id == owner_id
