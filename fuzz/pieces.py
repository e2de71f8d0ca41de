"""An input as a sequence of steps, for targets with a state: each step is a number and its bytes.

Any bytes can be cut; what `join` has put together is cut into the same steps again.
"""

from collections.abc import Iterable, Iterator

_HEAD_BYTES = 3
MAX_STEP_BYTES = 2047
MAX_STEPS = 64

Step = tuple[int, bytes]


def cut(data: bytes) -> Iterator[Step]:
    """The steps of an input, at most MAX_STEPS; the last one may be shorter than it claims."""
    position = 0
    for _ in range(MAX_STEPS):
        if position + _HEAD_BYTES > len(data):
            return
        number, high, low = data[position : position + _HEAD_BYTES]
        position += _HEAD_BYTES
        size = (high << 8 | low) & MAX_STEP_BYTES
        yield number, data[position : position + size]
        position += size


def join(steps: Iterable[Step]) -> bytes:
    """The input that these steps are cut from; each at most MAX_STEP_BYTES long."""
    return b"".join(bytes((number,)) + len(payload).to_bytes(2, "big") + payload for number, payload in steps)
