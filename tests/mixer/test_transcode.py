"""Music that somebody uploads becomes a tune that can be listened to, or a sentence."""

import wave
from pathlib import Path

import numpy as np
import pytest

from mixer.audio.codec import opus_decoder
from mixer.audio.level import levels_dbov
from mixer.base.packet_file import PacketFile
from mixer.transcode import TranscodeError, main, transcode


def wav(path: Path, seconds: float, amplitude: float, rate: int = 44_100, hz: float = 440.0) -> Path:
    samples = (amplitude * 32767 * np.sin(2 * np.pi * hz * np.arange(int(seconds * rate)) / rate)).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.repeat(samples, 2).tobytes())
    return path


@pytest.mark.parametrize("amplitude", [0.02, 0.5, 1.0])
def test_any_sound_becomes_as_loud_as_any_other(tmp_path: Path, amplitude: float) -> None:
    file = PacketFile(transcode(wav(tmp_path / "tune.wav", 2.0, amplitude)))
    assert len(file) == 100
    decoder = opus_decoder()
    sound = np.concatenate([decoder.decode(file[number]).copy() for number in range(len(file))])
    assert levels_dbov(sound[np.newaxis, 24_000:72_000])[0] == pytest.approx(-26.0, abs=1.5)
    spectrum = np.abs(np.fft.rfft(sound[24_000:72_000]))
    assert int(np.argmax(spectrum)) == pytest.approx(440, abs=2)


@pytest.mark.parametrize(
    ("seconds", "amplitude", "sentence"), [(0.2, 0.5, "shorter than a second"), (2.0, 0.0, "is silent")]
)
def test_a_sound_that_is_none_is_refused(tmp_path: Path, seconds: float, amplitude: float, sentence: str) -> None:
    with pytest.raises(TranscodeError, match=sentence):
        transcode(wav(tmp_path / "tune.wav", seconds, amplitude))


def test_too_long_a_sound_is_refused_before_it_is_all_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mixer.transcode.LONGEST_S", 60)
    with pytest.raises(TranscodeError, match="longer than 1 minutes"):
        transcode(wav(tmp_path / "tune.wav", 90.0, 0.5, rate=8_000))


def test_what_is_no_sound_gives_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "tune.mp3"
    source.write_bytes(b"<svg/>" * 100)
    assert main(str(source), str(tmp_path / "target")) == 1
    assert capsys.readouterr().err in {"The file is no sound that can be read.\n", "The file has no sound in it.\n"}
    assert not (tmp_path / "target").exists()
