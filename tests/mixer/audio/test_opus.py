"""The codec behind its interface: what goes in comes out, whichever library does it."""

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mixer.audio.codec import opus_decoder, opus_encoder
from mixer.audio.coding import AudioDecoder, AudioEncoder, CodecError, EncoderSettings
from mixer.audio.opus import LibopusMissingError, OpusDecoder, OpusEncoder, load_libopus
from mixer.audio.opus_av import AvOpusDecoder, AvOpusEncoder
from mixer.audio.opus_packet import MAX_SAMPLES, packet_samples
from mixer.audio.pcm import FRAME_SAMPLES, SAMPLE_RATE, Pcm
from tests.mixer.audio.speech import frames, level, speech

Codec = tuple[AudioEncoder, AudioDecoder]


@pytest.fixture(params=["libopus", "av"])
def codec(request: pytest.FixtureRequest) -> Codec:
    if request.param == "libopus":
        library = load_libopus()
        return OpusEncoder(library), OpusDecoder(library)
    return AvOpusEncoder(), AvOpusDecoder()


def sine(seconds: float, amplitude: float = 0.5, hz: float = 440.0) -> Pcm:
    return (amplitude * np.sin(2 * np.pi * hz * np.arange(int(seconds * SAMPLE_RATE)) / SAMPLE_RATE)).astype(np.float32)


def test_libopus_is_what_is_used_here() -> None:
    assert isinstance(opus_encoder(), OpusEncoder)
    assert isinstance(opus_decoder(), OpusDecoder)


def test_a_tone_keeps_its_level(codec: Codec) -> None:
    encoder, decoder = codec
    heard = np.concatenate([decoder.decode(encoder.encode(frame)).copy() for frame in frames(sine(1))])
    assert level(heard[4 * FRAME_SAMPLES :]) == pytest.approx(level(sine(1)), abs=0.5)


def test_each_packet_says_that_it_lasts_20_ms(codec: Codec) -> None:
    encoder, decoder = codec
    for frame in frames(speech(0.5)):
        payload = encoder.encode(frame)
        assert packet_samples(payload) == FRAME_SAMPLES == len(decoder.decode(payload))


def test_a_loss_is_concealed_in_any_length_and_fades(codec: Codec) -> None:
    encoder, decoder = codec
    for frame in frames(sine(0.2)):
        decoder.decode(encoder.encode(frame))
    first = decoder.decode(None).copy()
    assert level(first) > -25
    assert len(decoder.decode(None, samples=480)) == 480
    for _ in range(20):
        last = decoder.decode(None)
    assert level(last) < level(first) - 20


@pytest.mark.parametrize("payload", [b"\xff\xff\xff", b"\x03"])
def test_rubbish_is_an_error_and_the_next_packet_is_heard(codec: Codec, payload: bytes) -> None:
    encoder, decoder = codec
    good = [encoder.encode(frame) for frame in frames(sine(0.1))]
    with pytest.raises(CodecError):
        decoder.decode(payload)
    assert len(decoder.decode(good[0])) == FRAME_SAMPLES


def test_a_frame_of_the_wrong_shape_is_refused(codec: Codec) -> None:
    with pytest.raises(CodecError):
        codec[0].encode(np.zeros(100, np.float32))


def test_silence_soon_needs_no_packets() -> None:
    encoder = opus_encoder()
    sizes = [len(encoder.encode(np.zeros(FRAME_SAMPLES, np.float32))) for _ in range(40)]
    assert sum(size > 2 for size in sizes[15:]) <= 2


def test_a_fork_goes_on_exactly_where_the_first_encoder_is() -> None:
    encoder = opus_encoder()
    spoken = frames(speech(1.0))
    for frame in spoken[:25]:
        encoder.encode(frame)
    twin = encoder.fork()
    assert [encoder.encode(frame) for frame in spoken[25:]] == [twin.encode(frame) for frame in spoken[25:]]


def test_a_fork_of_the_fallback_works_too() -> None:
    encoder = AvOpusEncoder()
    assert len(encoder.fork().encode(sine(0.02))) > 2


def test_in_band_fec_restores_a_lost_packet_better_than_concealment() -> None:
    encoder = opus_encoder(EncoderSettings(expected_loss_percent=20, has_dtx=False))
    spoken = frames(speech(3.0, has_pauses=False))
    payloads = [encoder.encode(frame) for frame in spoken]
    errors: dict[bool, float] = {True: 0.0, False: 0.0}
    for is_recovery in errors:
        fed, lossy = opus_decoder(), opus_decoder()
        for index, payload in enumerate(payloads[:-1]):
            wanted = fed.decode(payload).copy()
            if index % 10 != 9:
                lossy.decode(payload)
                continue
            got = lossy.decode(payloads[index + 1] if is_recovery else None, is_recovery=is_recovery)
            errors[is_recovery] += float(np.sum((got - wanted) ** 2))
    assert errors[True] < 0.5 * errors[False]


def test_stereo_comes_out_as_mono() -> None:
    av = pytest.importorskip("av")
    context = av.CodecContext.create("libopus", "w")
    context.sample_rate, context.layout, context.format = SAMPLE_RATE, "stereo", "flt"
    decoders = [opus_decoder(), AvOpusDecoder()]
    for frame in frames(sine(0.4)):
        both = np.stack([frame, frame], axis=1).reshape(1, -1)
        wrapped = av.AudioFrame.from_ndarray(both, format="flt", layout="stereo")
        wrapped.sample_rate = SAMPLE_RATE
        for packet in context.encode(wrapped):
            heard = [decoder.decode(bytes(packet)) for decoder in decoders]
    for sound in heard:
        assert sound.shape == (FRAME_SAMPLES,)
        assert level(sound) == pytest.approx(level(sine(0.4)), abs=1)


@pytest.mark.parametrize("duration_ms", [2.5, 5, 10, 20, 40, 60])
def test_packets_of_any_duration_are_measured_and_decoded(duration_ms: float) -> None:
    av = pytest.importorskip("av")
    context = av.CodecContext.create("libopus", "w")
    context.sample_rate, context.layout, context.format = SAMPLE_RATE, "mono", "flt"
    context.options = {"frame_duration": str(duration_ms)}
    context.open()
    samples = int(duration_ms * 48)
    wrapped = av.AudioFrame.from_ndarray(sine(0.12)[np.newaxis, :samples], format="flt", layout="mono")
    wrapped.sample_rate = SAMPLE_RATE
    payload = bytes(context.encode(wrapped)[0])
    assert packet_samples(payload) == samples == len(opus_decoder().decode(payload))


def test_without_any_libopus_the_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["mixer.audio.opus"], "_library_paths", lambda: ["/nowhere/libopus.so.0"])
    with pytest.raises(LibopusMissingError, match="neither"):
        load_libopus()


@settings(deadline=None)
@given(st.binary(max_size=40))
def test_the_length_of_any_bytes_is_a_length_or_nothing(payload: bytes) -> None:
    samples = packet_samples(payload)
    assert 0 <= samples <= MAX_SAMPLES
    assert samples % 120 == 0


@settings(max_examples=200, deadline=None)
@given(st.binary(min_size=1, max_size=200))
def test_any_bytes_decode_to_their_length_or_are_an_error(payload: bytes) -> None:
    try:
        sound = opus_decoder().decode(payload)
    except CodecError:
        return
    assert len(sound) == packet_samples(payload)
