"""The recorded requests of a business PBX's clients, unchanged, against the API and real rooms."""

import re
from typing import Any

import pytest

from confserver.auth.identity import Role
from tests.confserver.api.conftest import Pbx
from tests.confserver.api.pbx_requests import STORIES, TIME, Comes, Sent, Step
from tests.confserver.conftest import Api
from tests.confserver.rooms.house import House


@pytest.mark.parametrize("story", STORIES)
async def test_recorded_requests_run_unchanged(pbx: Pbx, story: str) -> None:
    api = pbx.api
    if story == "mirror":
        api = await api.as_user("root", Role.ADMIN)
    known: dict[str, str] = {}
    for step in STORIES[story]:
        await take(step, api, pbx.house, known)


async def take(step: Step, api: Api, house: House, known: dict[str, str]) -> None:
    if isinstance(step, Comes):
        meeting = await house.services.meetings.by_id(known["id"])
        assert meeting is not None
        seat, _ = await house.enter(meeting, step.name)
        known[step.name] = seat.welcome.participant_id
        return
    status, answer = await api.call(step.method, filled(step.path, known), filled(step.body, known))
    assert status == step.status, (step, answer)
    if step.answer is None:
        assert answer is None, step
    else:
        check(answer, filled(step.answer, known), str(step))
    for name, path in step.remembers.items():
        known[name] = str(part(answer, path.split(".")))


def filled(pattern: Any, known: dict[str, str]) -> Any:
    """The same with what is known in place of its names."""
    if isinstance(pattern, str):
        return re.sub(r"{(\w+)}", lambda found: known.get(found[1], found[0]), pattern)
    if isinstance(pattern, dict):
        return {name: filled(value, known) for name, value in pattern.items()}
    return [filled(value, known) for value in pattern] if isinstance(pattern, list) else pattern


def check(answer: Any, pattern: Any, step: str) -> None:
    if isinstance(pattern, dict):
        assert pattern.keys() <= answer.keys(), step
        for name, value in pattern.items():
            check(answer[name], value, f"{name} of {step}")
    elif isinstance(pattern, list):
        assert len(answer) == len(pattern), step
        for item, value in zip(answer, pattern, strict=True):
            check(item, value, step)
    elif isinstance(pattern, type):
        assert type(answer) is pattern, step
    elif pattern == TIME:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", answer), step
    elif pattern is not ...:
        assert answer == pattern, step


def part(answer: Any, path: list[str]) -> Any:
    for name in path:
        answer = answer[int(name)] if isinstance(answer, list) else answer[name]
    return answer


def test_the_whole_table_of_the_pbx_is_recorded() -> None:
    sent = [step.path.partition("?")[0] for story in STORIES.values() for step in story if isinstance(step, Sent)]
    recorded = {re.sub(r"/{\w+}", "/{}", path) for path in sent}
    for path in ("", "/{}", "/{}/destroy", "/{}/status", "/{}/participants", "/{}/participants/{}"):
        assert f"/user/meetings{path}" in recorded
    for deed in ("mute", "unmute", "lock", "unlock", "start", "stop", "start_recording", "participants/layout"):
        assert f"/user/meetings/{{}}/{deed}" in recorded
    for deed in ("mute", "unmute", "chairman", "destroy", "position"):
        assert f"/user/meetings/{{}}/participants/{{}}/{deed}" in recorded
