"""A browser's connection (`signaling.ws.session`): no sequence of texts, times and outcomes breaks it.

Each step of an input (`fuzz.pieces`) is something that happens, and the text that it happens with.
"""

from collections.abc import Iterator

from fuzz.pieces import MAX_STEP_BYTES, cut, join
from fuzz.targets import ws_message
from signaling.errors import RefusalReason, Refused, RequestError
from signaling.ports import EndReason, MediaLost
from signaling.ws.session import MAX_INBOX, MAX_OUTBOX, Session
from signaling.ws.states import Closing, State
from tests.signaling.ws.fake_door import WELCOME

MAX_BYTES = 16 * 1024
SPARE_FRAMES = 2
"""A ping and a refusal may come on top of a full outbox."""


def target(data: bytes) -> None:
    """What waits is bounded, and a closed connection says nothing more than its last words."""
    now = 0.0
    session = Session(now)
    for what, payload in cut(data):
        now += what >> 4
        _happen(session, what & 0xF, payload.decode(errors="replace"), now)
        session.tick(now)
        assert session.deadline >= now or session.closing
    frames = sum(1 for _ in iter(session.next_frame, None))
    requests = sum(1 for _ in iter(session.next_request, None))
    assert frames <= MAX_OUTBOX + SPARE_FRAMES
    assert requests <= MAX_INBOX
    assert (session.closing is None) == (session.state is not State.CLOSED)


def _happen(session: Session, what: int, text: str, now: float) -> None:
    is_knocking = session.state is State.KNOCKING
    match what:
        case 1:
            session.receive_binary()
        case 2 if is_knocking:
            session.seated(WELCOME)
        case 3 if is_knocking:
            session.refused(Refused(RefusalReason.WRONG_PIN, 1.0), now)
        case 4 if (request := session.next_request()) is not None:
            session.failed(request, RequestError("not_allowed", text))
        case 5:
            for _ in range(len(text)):
                session.notify(MediaLost())
        case 6:
            session.end(EndReason.ENDED)
        case 7:
            session.close(Closing.GONE)
        case 8:
            session.hear(now)
        case _:
            session.receive(text, now)


def seeds() -> Iterator[bytes]:
    """A whole conversation, a refused one, one that floods."""
    words = [(0, seed) for seed in ws_message.seeds() if len(seed) <= MAX_STEP_BYTES]
    yield join([*words[:1], (2, b""), *words[1:]])
    yield join([words[0], (3, b"")] * 12)
    yield join([words[0], (2, b""), *[(5, bytes(200))] * 3])
    yield join([words[0], (2, b""), *[(0, b'{"type":"leave"}')] * 60])
