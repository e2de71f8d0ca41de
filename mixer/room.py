"""One room in the media plane: connects its endpoints with its sound and its pictures.

It connects and does not decide: who is heard is the audio mixer's business, who is seen the video room's.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from functools import partial

from mixer.audio.counters import AudioCounters
from mixer.audio.mixer import AudioMixer
from mixer.audio.music import Music
from mixer.base.drops import Drops
from mixer.endpoint import MediaEndpoint
from mixer.events import EndpointConnected, EndpointLost, Event, SlotsChanged, SlotView, SpeakersChanged
from mixer.forward.video_room import VideoRoom
from mixer.network import Network
from mixer.params import EndpointParams, ParticipantParams, Purpose, RoomParams
from mixer.router.audio_up_track import AudioUpTrack
from mixer.router.router import UpTrack
from mixer.router.video_up_track import VideoUpTrack
from mixer.transport.certificate import Certificate
from mixer.transport.close_reason import CloseReason

TOTALS = ("packets.received", "packets.sent", *(f"audio.{field.name}" for field in fields(AudioCounters)))
"""The names of what is counted in a room."""


class MediaRoom:
    """Participants come before their endpoints. `report` takes what the control plane is to know."""

    def __init__(
        self,
        params: RoomParams,
        network: Network,
        certificate: Certificate,
        report: Callable[[Event], None],
        drops: Drops,
    ) -> None:
        self.room_id = params.room_id
        self.endpoints: dict[str, MediaEndpoint] = {}
        self.audio: AudioMixer | Music = Music(params.music) if params.is_lobby else AudioMixer(params.max_speakers)
        # Not a method of ours: a room that its own pictures hold would wait for the collector when it is closed.
        self._video = VideoRoom(params.cells, partial(_report_slots, report, params.room_id), drops)
        self._network = network
        self._certificate = certificate
        self._report = report
        self._drops = drops
        self._listeners: set[str] = set()
        self._tracks: dict[tuple[str, str], UpTrack] = {}
        self._speakers: tuple[str, ...] = ()
        self._departed: Counter[str] = Counter()

    def set_cells(self, cells: int, now: float) -> None:
        """Change how many pictures each viewer sees at most."""
        self._video.set_cells(cells, now)

    def set_participant(self, participant: ParticipantParams, now: float) -> None:
        """Add a participant or replace what is known of them."""
        self.audio.set_muted(participant.participant_id, participant.is_muted, participant.is_silenced)
        self._video.set_participant(participant, now)

    def set_view(self, participant_id: str, pinned_id: str | None, now: float) -> None:
        """Show a participant whom they want to see, whoever speaks."""
        self._video.set_pin(participant_id, pinned_id, now)

    def remove_participant(self, participant_id: str, now: float) -> None:
        """Remove a participant with their endpoints."""
        for endpoint in [each for each in self.endpoints.values() if each.participant_id == participant_id]:
            self.close_endpoint(endpoint.endpoint_id, now)
        self._video.remove_participant(participant_id, now)
        self.audio.set_muted(participant_id, False)

    def open_endpoint(self, params: EndpointParams, now: float) -> None:
        """Open an endpoint, or renegotiate one that is open: its m-lines, and its ICE if its credentials are others."""
        endpoint = self.endpoints.get(params.endpoint_id)
        if endpoint is None:
            endpoint = MediaEndpoint(params, self, self._certificate, self._network.send, self._drops, now)
            self.endpoints[params.endpoint_id] = endpoint
        else:
            endpoint.transport.restart_ice(params.transport, now)
        self._network.add(endpoint.transport)
        endpoint.configure(params.lines)
        self._connect_tracks(endpoint, now)
        if endpoint.transport.is_connected:
            self._serve(endpoint, now)

    def close_endpoint(self, endpoint_id: str, now: float) -> None:
        """Close an endpoint; without effect if there is none."""
        endpoint = self.endpoints.get(endpoint_id)
        if endpoint is not None:
            endpoint.transport.close(CloseReason.LOCAL, now)

    def close(self, now: float) -> None:
        """Close every endpoint."""
        for endpoint_id in list(self.endpoints):
            self.close_endpoint(endpoint_id, now)

    def tick(self, now: float, skipped: int) -> None:
        """20 ms have passed, and `skipped` times as much before that without a tick."""
        endpoints = self.endpoints
        for frame in self.audio.tick(now, skipped):
            for listener_id in frame.listener_ids:
                endpoints[listener_id].send_sound(frame, now)
        speakers = self.audio.speakers()
        if speakers != self._speakers:
            self._speakers = speakers
            self._video.speaking(speakers, now)
            self._report(SpeakersChanged(self.room_id, speakers))
        self._video.poll(now)
        for endpoint in endpoints.values():
            endpoint.poll(now)

    def totals(self) -> Counter[str]:
        """What happened here since the room was opened, by dotted name."""
        totals = self._departed.copy()
        totals.update({f"audio.{name}": count for name, count in asdict(self.audio.counters).items()})
        for endpoint in self.endpoints.values():
            totals.update(_packets(endpoint))
        return totals

    def connected(self, endpoint: MediaEndpoint, now: float) -> None:
        """An endpoint's transport connected: only now is it sent anything, and so no key frame is asked for in vain."""
        self._serve(endpoint, now)
        self._report(EndpointConnected(self.room_id, endpoint.endpoint_id))

    def closed(self, endpoint: MediaEndpoint, reason: CloseReason, now: float) -> None:
        """An endpoint's transport ended; told to the control plane unless that was its own wish."""
        del self.endpoints[endpoint.endpoint_id]
        self._network.remove(endpoint.transport)
        self._departed.update(_packets(endpoint))
        for key in [key for key in self._tracks if key[0] == endpoint.endpoint_id]:
            self._disconnect(endpoint, key, now)
        if endpoint.endpoint_id in self._listeners:
            self._listeners.remove(endpoint.endpoint_id)
            self.audio.remove_listener(endpoint.endpoint_id)
        self._video.remove_viewer(endpoint.endpoint_id)
        if reason is not CloseReason.LOCAL:
            self._report(EndpointLost(self.room_id, endpoint.endpoint_id, reason.value))

    def _serve(self, endpoint: MediaEndpoint, now: float) -> None:
        """Send an endpoint the mix and its pictures, as its m-lines want it."""
        endpoint_id, participant_id = endpoint.endpoint_id, endpoint.participant_id
        if endpoint.is_listener and endpoint_id not in self._listeners:
            self._listeners.add(endpoint_id)
            self.audio.add_listener(endpoint_id, participant_id)
        elif not endpoint.is_listener and endpoint_id in self._listeners:
            self._listeners.remove(endpoint_id)
            self.audio.remove_listener(endpoint_id)
        send = endpoint.transport.send_rtp
        endpoint.watch(self._video.add_viewer(endpoint_id, participant_id, endpoint.slot_lines, send, now))

    def _connect_tracks(self, endpoint: MediaEndpoint, now: float) -> None:
        """Publish the tracks that are new and withdraw those that are gone or replaced; in a lobby nobody is."""
        if isinstance(self.audio, Music):
            return
        tracks: Mapping[str, UpTrack] = endpoint.router.tracks
        for key, track in list(self._tracks.items()):
            if key[0] == endpoint.endpoint_id and tracks.get(key[1]) is not track:
                self._disconnect(endpoint, key, now)
        for mid, track in tracks.items():
            key = (endpoint.endpoint_id, mid)
            if key in self._tracks:
                continue
            self._tracks[key] = track
            if isinstance(track, AudioUpTrack):
                is_voice = track.line.purpose is Purpose.AUDIO
                source = self.audio.add_source(_source_id(key), endpoint.participant_id, is_voice=is_voice)
                track.sink = source.receive
            else:
                self._video.publish(endpoint.participant_id, track.line.purpose, track, now)

    def _disconnect(self, endpoint: MediaEndpoint, key: tuple[str, str], now: float) -> None:
        track = self._tracks.pop(key)
        if isinstance(track, VideoUpTrack):
            self._video.unpublish(endpoint.participant_id, track.line.purpose, track, now)
        elif isinstance(self.audio, AudioMixer):
            self.audio.remove_source(_source_id(key))


def _report_slots(report: Callable[[Event], None], room_id: str, endpoint_id: str, slots: tuple[SlotView, ...]) -> None:
    report(SlotsChanged(room_id, endpoint_id, slots))


def _source_id(key: tuple[str, str]) -> str:
    """The name of an endpoint's m-line in the mixer."""
    return "/".join(key)


def _packets(endpoint: MediaEndpoint) -> Counter[str]:
    transport = endpoint.transport
    return Counter({"packets.received": transport.packets_received, "packets.sent": transport.packets_sent})
