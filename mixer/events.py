"""What the media plane reports, as frozen values: the other direction of `mixer.params`."""

from dataclasses import dataclass

from mixer.params import Fingerprint, Purpose


@dataclass(frozen=True, slots=True)
class WorkerReady:
    """A worker serves; `fingerprints` identify its DTLS certificate."""

    pid: int
    fingerprints: tuple[Fingerprint, ...]


@dataclass(frozen=True, slots=True)
class EndpointConnected:
    """ICE and DTLS are done; media flows."""

    room_id: str
    endpoint_id: str


@dataclass(frozen=True, slots=True)
class EndpointLost:
    """An endpoint's transport is gone; `reason` is one of `mixer.transport`'s close reasons."""

    room_id: str
    endpoint_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class SlotView:
    """What slot `mid` of one endpoint is meant to show.

    `generation` (0..7) is carried in the three lowest bits of every RTP timestamp of that picture, so that a page
    knows for each frame whose it is; None while no picture is to be expected (no camera, or an empty slot).
    """

    mid: str
    participant_id: str | None
    purpose: Purpose | None
    generation: int | None


@dataclass(frozen=True, slots=True)
class SlotsChanged:
    """The cells of one endpoint, in the order in which they are laid out."""

    room_id: str
    endpoint_id: str
    slots: tuple[SlotView, ...]


@dataclass(frozen=True, slots=True)
class SpeakersChanged:
    """Who speaks now, loudest first."""

    room_id: str
    participant_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StatsReport:
    """Counters of a worker since it started, by dotted name (`audio.encodes`, `drop.stun.no-integrity`)."""

    token: int
    counters: tuple[tuple[str, float], ...]


Event = WorkerReady | EndpointConnected | EndpointLost | SlotsChanged | SpeakersChanged | StatsReport
