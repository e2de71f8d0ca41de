"""An administrator dresses the waiting room; who waits sees it, and nothing else can be smuggled in with it."""

import io
import wave
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from aiohttp import ClientResponse

from confserver.auth.identity import Role
from confserver.tenants.looks import Looks
from mixer.base.packet_file import PacketFile
from tests.confserver.conftest import Api, Refused

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
PLAIN = {"text": None, "background": None, "accent": None, "logo_url": None, "has_music": False}


@pytest.fixture
async def admin(api: Api) -> Api:
    return await api.as_user("admin", Role.ADMIN)


async def upload(api: Api, what: str, content: bytes) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {api.token}"}
    async with api.client.post(f"/api/tenant/look/{what}", data=content, headers=headers) as response:
        return response.status, await response.json()


def tune(seconds: float = 1.5) -> bytes:
    samples = (8000 * np.sin(2 * np.pi * 440 * np.arange(int(seconds * 16_000)) / 16_000)).astype("<i2")
    content = io.BytesIO()
    with wave.open(content, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(samples.tobytes())
    return content.getvalue()


def packets_in(path: str, *, is_last_look: bool = False) -> int:
    file = Path(path)
    content = file.read_bytes()
    if is_last_look:
        file.unlink()
    return len(PacketFile(content))


async def test_words_and_colours_reach_the_guest_before_the_door(admin: Api) -> None:
    meeting = await admin.create()
    wanted = {"text": "Please wait.\nTea?", "background": "#102030", "accent": "#ffaa00"}
    assert await admin.call("POST", "/tenant/look", wanted) == (200, {**PLAIN, **wanted})
    assert await admin.call("GET", "/tenant/look") == (200, {**PLAIN, **wanted})
    _, seen = await admin.call("GET", f"/join/{meeting['access_key']}", token="")
    assert seen["look"] == {**PLAIN, **wanted}
    stranger = await admin.as_user("eve", Role.ADMIN, "elsewhere")
    assert await stranger.call("GET", "/tenant/look") == (200, PLAIN)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"background": "red"}, "background"),
        ({"accent": "#12345"}, "accent"),
        ({"text": "x" * 2001}, "text"),
        ({"text": "bell \x07"}, "text"),
        ({"logo": "x"}, "logo"),
    ],
)
async def test_what_is_no_look_is_refused_by_name(admin: Api, refused: Refused, body: Any, field: str) -> None:
    assert await refused(admin.call("POST", "/tenant/look", body)) == (400, "VALIDATE_FAILED", field)


async def fetched(api: Api, url: str) -> tuple[ClientResponse, bytes]:
    async with api.client.get(url) as response:
        return response, await response.read()


@pytest.mark.parametrize(
    ("picture", "kind"),
    [(PNG, "image/png"), (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "image/webp")],
)
async def test_a_logo_is_served_as_the_picture_it_is(admin: Api, picture: bytes, kind: str) -> None:
    status, look = await upload(admin, "logo", picture)
    assert status == 200
    response, content = await fetched(admin, look["logo_url"])
    assert (content, response.content_type) == (picture, kind)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    await admin.call("POST", "/tenant/look/logo/destroy")
    assert (await fetched(admin, look["logo_url"]))[0].status == 404


@pytest.mark.parametrize("picture", [b"<svg onload='x'/>", b"", b"GIF89a", b"<html>"])
async def test_what_is_no_bitmap_is_no_logo(admin: Api, picture: bytes) -> None:
    status, answer = await upload(admin, "logo", picture)
    assert (status, answer["errors"][0]["message"]) == (400, "The logo should be a PNG, JPEG or WebP picture.")


async def test_too_large_a_logo_is_refused(admin: Api) -> None:
    assert (await upload(admin, "logo", PNG + bytes(256 * 1024)))[0] == 413


async def test_music_is_made_into_packets_that_outlive_a_restart(admin: Api, tmp_path: Path) -> None:
    status, look = await upload(admin, "music", tune())
    assert (status, look["has_music"]) == (200, True)
    tenant_id = admin.user.tenant.id
    path = admin.services.looks.music_of(tenant_id)
    assert path is not None
    assert packets_in(path, is_last_look=True) == 75
    after = Looks(admin.services.store, tmp_path / "data")
    await after.read()
    assert after.music_of(tenant_id) == path
    assert packets_in(path) == 75
    await admin.call("POST", "/tenant/look/music/destroy")
    assert admin.services.looks.music_of(tenant_id) is None


async def test_what_is_no_sound_is_said_so(admin: Api) -> None:
    status, answer = await upload(admin, "music", b"#!/bin/sh\nrm -rf /\n" * 100)
    assert status == 400
    assert answer["errors"][0]["message"].startswith("The file ")


async def test_only_administrators_dress_the_waiting_room(api: Api) -> None:
    for name, role in (("oscar", Role.OPERATOR), ("uma", Role.USER)):
        user = await api.as_user(name, role)
        assert (await user.call("POST", "/tenant/look", {}))[0] == 403
        assert (await upload(user, "logo", PNG))[0] == 403


async def test_of_the_tunes_that_were_uploaded_those_that_play_are_kept(admin: Api) -> None:
    looks = admin.services.looks
    other = await admin.as_user("eve", Role.ADMIN, "elsewhere")
    await looks.set_music(other.user.tenant.id, b"theirs")
    for tune_of in (b"one", b"two", b"three"):
        await looks.set_music(admin.user.tenant.id, tune_of)
    playing = {looks.music_of(each.user.tenant.id) for each in (admin, other)}
    assert {str(path) for path in looks._folder.iterdir()} == playing
    await looks.set_music(admin.user.tenant.id, None)
    assert [str(path) for path in looks._folder.iterdir()] == [looks.music_of(other.user.tenant.id)]
