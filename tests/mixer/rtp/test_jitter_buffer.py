"""The jitter buffer on invented networks: what is heard, when, and what becomes of every packet."""

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer.base.drops import DropReason, Drops
from mixer.rtp.jitter_buffer import MAX_PACKETS, RESTING_PACKETS, WARM_UP_PACKETS, Action, JitterBuffer, Playout

RATE = 48_000
PACKET = 960
TICK_S = 0.020


@dataclass
class Listening:
    """A buffer fed by a network and emptied by ticks; `played` are (heard at, captured at) in seconds."""

    drops: Drops = field(default_factory=Counter)
    played: list[tuple[float, float]] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    is_quiet: Callable[[float], bool] = lambda now: False

    def __post_init__(self) -> None:
        self.buffer = JitterBuffer(RATE, lambda payload: PACKET, self.drops)

    def run(self, arrivals: Iterable[tuple[float, int, int]], until: float, phase: float = 0.013) -> None:
        """`arrivals`: (at, seq, timestamp) by time, where timestamp 0 is captured at 0 s."""
        self.buffer.start(0.0)
        waiting = sorted(arrivals)
        for tick in range(int(until / TICK_S)):
            now = tick * TICK_S + phase
            while waiting and waiting[0][0] <= now:
                at, seq, timestamp = waiting.pop(0)
                self.buffer.insert(seq, timestamp, timestamp.to_bytes(8, "big", signed=True), at)
            self.take(now)

    def take(self, now: float) -> None:
        playout = self.buffer.take(now, self.is_quiet(now))
        while playout.is_spare and self.is_quiet(now):
            self.drops[DropReason.AUDIO_CATCH_UP] += 1
            playout = self.buffer.take(now, self.is_quiet(now))
        self.actions.append(playout.action)
        if playout.action is Action.PLAY:
            assert playout.payload is not None
            self.played.append((now, int.from_bytes(playout.payload, "big", signed=True) / RATE))

    def delays_ms(self, since: float = 0.0) -> list[float]:
        return [1000 * (heard - captured) for heard, captured in self.played if heard >= since]

    @property
    def count(self) -> Counter[Action]:
        return Counter(self.actions)


def sent(seconds: float, delay: Callable[[int], float], start: int = 0) -> list[tuple[float, int, int]]:
    """A steady talker whose packet number n travels for `delay(n)` seconds."""
    packets = range(start, start + int(seconds / TICK_S))
    return [(n * TICK_S + delay(n), n, n * PACKET) for n in packets]


@pytest.mark.parametrize("phase_ms", [1, 7, 13, 19])
def test_a_clean_network_adds_hardly_more_than_the_wait_for_the_tick(phase_ms: int) -> None:
    listening = Listening()
    listening.run(sent(10, lambda n: 0.0), 10, phase=phase_ms / 1000)
    assert max(listening.delays_ms()) <= 30
    assert listening.count[Action.PLAY] >= 498
    assert not listening.drops


def test_jitter_of_60_ms_is_hidden_after_a_second_and_forgotten_within_ten() -> None:
    random_ = random.Random(1)
    listening = Listening(is_quiet=lambda now: now % 2 > 1.8)
    bad = sent(10, lambda n: random_.uniform(0, 0.06))
    good = sent(20, lambda n: 0.0, start=500)
    listening.run(bad + good, 30)
    in_bad_times = listening.actions[50:500]
    assert sum(action not in (Action.PLAY, Action.PAUSE) for action in in_bad_times) <= 0.03 * len(in_bad_times)
    assert max(listening.delays_ms(since=2.0)) <= 120
    assert max(listening.delays_ms(since=20.0)) <= 35


def test_a_lost_packet_is_recovered_from_the_next_and_a_run_of_them_concealed() -> None:
    listening = Listening()
    lost = {20, 40, 41, 42}
    listening.run((packet for packet in sent(2, lambda n: 0.0) if packet[1] not in lost), 2)
    made_up = listening.count[Action.RECOVER] + listening.count[Action.STARVE] + listening.count[Action.CONCEAL]
    assert 4 <= made_up <= 6
    assert len(listening.played) >= 100 - 4 - 2
    assert max(listening.delays_ms()) <= 50


def test_where_packets_are_often_lost_the_delay_grows_by_one_so_that_they_can_be_recovered() -> None:
    random_ = random.Random(3)
    listening = Listening()
    lost = {n for n in range(1000) if random_.random() < 0.1}
    listening.run((packet for packet in sent(20, lambda n: 0.0) if packet[1] not in lost), 20)
    single = sum(n - 1 not in lost and n + 1 not in lost for n in lost)
    assert listening.count[Action.RECOVER] >= 0.9 * single
    assert listening.count[Action.STARVE] <= 0.2 * len(lost)
    assert max(listening.delays_ms(since=2)) <= 60


def test_with_two_packets_waiting_a_lost_one_is_recovered_in_its_turn() -> None:
    buffer = filled([1, 3, 4])
    assert buffer.take(1.0).action is Action.PLAY
    assert buffer.take(1.02) == Playout(Action.RECOVER, PACKET, b"packet 3")
    assert buffer.take(1.04).payload == b"packet 3"


def test_of_two_lost_the_first_is_concealed_and_the_second_recovered() -> None:
    buffer = filled([1, 4])
    taken = [buffer.take(1.0 + n * TICK_S).action for n in range(4)]
    assert taken == [Action.PLAY, Action.CONCEAL, Action.RECOVER, Action.PLAY]


def test_overtaken_packets_are_heard_in_order() -> None:
    buffer = filled([1, 3, 2, 4])
    assert [buffer.take(1.0 + n * TICK_S).payload for n in range(4)] == [b"packet %d" % n for n in (1, 2, 3, 4)]


def test_a_late_packet_is_dropped_by_name_and_so_is_a_second_copy() -> None:
    drops = Drops()
    buffer = filled([1, 3, 4, 5], drops)
    for tick in range(3):
        buffer.take(1.0 + tick * TICK_S)
    buffer.insert(2, 2 * PACKET, b"packet 2", 1.05)
    buffer.insert(5, 5 * PACKET, b"packet 5", 1.05)
    assert drops == {DropReason.AUDIO_LATE: 1, DropReason.AUDIO_DUPLICATE: 1}


def test_a_dtx_gap_is_silence_and_neither_loss_nor_under_run() -> None:
    listening = Listening()
    first = sent(1, lambda n: 0.0)
    seq = itertools.count(50)
    second = [(n * TICK_S, next(seq), n * PACKET) for n in range(100, 150)]
    listening.is_quiet = lambda now: now > 0.95
    listening.run(first + second, 3)
    assert set(listening.actions) == {Action.PLAY, Action.PAUSE}
    assert len(listening.played) == 100
    assert max(listening.delays_ms()) <= 30


def test_a_dtx_packet_announces_the_silence_even_after_a_loud_one() -> None:
    drops = Drops()
    buffer = JitterBuffer(RATE, lambda payload: PACKET, drops)
    buffer.start(1.0)
    buffer.insert(1, PACKET, b"loud and long", 1.0)
    buffer.insert(2, 2 * PACKET, b"\x78", 1.02)
    actions = [buffer.take(1.04 + n * TICK_S).action for n in range(4)]
    assert actions == [Action.PLAY, Action.PLAY, Action.PAUSE, Action.PAUSE]


def test_when_the_network_stalls_in_a_word_concealment_ends_after_60_ms() -> None:
    listening = Listening()
    listening.run(sent(1, lambda n: 0.0), 2)
    after = listening.actions[listening.actions.index(Action.STARVE) :]
    assert after[:4] == [Action.STARVE, Action.STARVE, Action.STARVE, Action.PAUSE]
    assert set(after[3:]) == {Action.PAUSE}


@pytest.mark.parametrize("stall_s", [0.2, 0.4, 0.9])
def test_after_a_stall_and_its_burst_the_delay_is_soon_small_again(stall_s: float) -> None:
    listening = Listening(is_quiet=lambda now: now % 1 > 0.9)
    listening.run(sent(20, lambda n: max(0.0, 1 + stall_s - n * TICK_S) if n * TICK_S > 1 else 0.0), 20)
    assert max(listening.delays_ms(since=2.5 + stall_s)) <= 300
    assert max(listening.delays_ms(since=15)) <= 50


@pytest.mark.parametrize("parts_per_million", [-300, 300])
def test_a_wrong_clock_neither_fills_nor_drains_the_buffer(parts_per_million: int) -> None:
    listening = Listening(is_quiet=lambda now: now % 2 > 1.8)
    skew = parts_per_million / 1e6
    minutes = 5
    arrivals = [(n * TICK_S * (1 + skew), n, n * PACKET) for n in range(minutes * 60 * 50)]
    listening.run(arrivals, minutes * 60)
    delays = [1000 * (heard - captured * (1 + skew)) for heard, captured in listening.played]
    assert max(delays) <= 50
    assert listening.count[Action.STARVE] <= 6
    assert set(listening.drops) <= {DropReason.AUDIO_CATCH_UP}


@pytest.mark.parametrize("jump", [-(2**31), -10 * RATE, 10 * RATE, 2**31])
def test_a_sender_that_starts_its_timeline_anew_is_heard_at_once(jump: int) -> None:
    drops = Drops()
    buffer = filled([1, 2], drops)
    buffer.take(1.0)
    buffer.insert(70_000, 3 * PACKET + jump, b"anew", 1.03)
    assert drops == {DropReason.AUDIO_RESTARTED: 1}
    assert buffer.take(1.045).payload == b"anew"


def test_at_rest_only_the_newest_are_kept_and_the_past_ones_warm_the_decoder() -> None:
    drops = Drops()
    buffer = JitterBuffer(RATE, lambda payload: PACKET, drops)
    for n in range(100):
        buffer.insert(n, n * PACKET, b"packet %d" % n, n * TICK_S)
    assert drops[DropReason.AUDIO_QUIET] == 100 - RESTING_PACKETS
    warm_up = buffer.start(99 * TICK_S + 0.005)
    assert warm_up == [b"packet %d" % n for n in range(98 - WARM_UP_PACKETS, 98)]
    assert buffer.take(99 * TICK_S + 0.005).payload == b"packet 98", "the one that is due now"


def test_too_many_packets_at_once_push_out_the_oldest() -> None:
    drops = Drops()
    buffer = JitterBuffer(RATE, lambda payload: 120, drops)
    buffer.start(1.0)
    for n in range(MAX_PACKETS + 10):
        buffer.insert(n, n * 120, b"packet %d" % n, 1.0 + n * 0.0025)
    assert drops == {DropReason.AUDIO_OVERFLOW: 10}


@pytest.mark.parametrize("duration", [120, 240, 480, 1920, 2880, 5760])
def test_every_packet_length_is_played_without_a_hole(duration: int) -> None:
    drops = Drops()
    buffer = JitterBuffer(RATE, lambda payload: duration, drops)
    buffer.start(0.0)
    arrived, due, played, actions = 0, 0, 0, []
    for tick in range(200):
        now = tick * TICK_S + 0.003
        while (arrived + 1) * duration / RATE <= now:
            buffer.insert(arrived, arrived * duration, b"packet", (arrived + 1) * duration / RATE)
            arrived += 1
        due += PACKET
        while played < due:
            playout = buffer.take(now)
            actions.append(playout.action)
            played += playout.samples or due - played
    first = actions.index(Action.PLAY)
    assert set(actions[first:]) == {Action.PLAY}
    assert not drops


def filled(seqs: Iterable[int], drops: Drops | None = None) -> JitterBuffer:
    """A started buffer with these packets, all there before second 1 and due from then on."""
    buffer = JitterBuffer(RATE, lambda payload: PACKET, Drops() if drops is None else drops)
    buffer.start(0.9)
    for seq in seqs:
        buffer.insert(seq, seq * PACKET, b"packet %d" % seq, 0.985)
    return buffer


packets = st.tuples(
    st.integers(-5, 120),
    st.integers(-3, 3) | st.integers(-(2**40), 2**40),
    st.binary(max_size=4),
    st.floats(0, 0.2),
)
steps = st.lists(packets | st.sampled_from(["take", "stop", "start"]), max_size=80)


@settings(max_examples=150, deadline=None)
@given(steps)
def test_nothing_that_arrives_is_lost_without_a_name_and_memory_is_bounded(
    steps: list[tuple[int, int, bytes, float] | str],
) -> None:
    drops = Drops()
    buffer = JitterBuffer(RATE, lambda payload: len(payload) * 120, drops)
    now, inserted, out, is_started = 0.0, 0, 0, False
    for step in steps:
        if step == "start" and not is_started:
            out += len(buffer.start(now))
            is_started = True
        elif step == "stop" and is_started:
            buffer.stop()
            is_started = False
        elif step == "take" and is_started:
            out += buffer.take(now).action is Action.PLAY
            now += TICK_S
        elif isinstance(step, tuple):
            seq, offset, payload, wait = step
            buffer.insert(seq, seq * PACKET + offset, payload, now)
            inserted += 1
            now += wait
        assert inserted - out - drops.total() <= MAX_PACKETS
    buffer.clear(DropReason.AUDIO_MUTED)
    assert inserted == out + drops.total()
