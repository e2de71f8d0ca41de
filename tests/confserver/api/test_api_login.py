"""Logging in and out over HTTP: tokens that work, expire, are renewed and voided; guessing that becomes slow."""

from typing import Any

from tests.confserver.conftest import PASSWORD, Api, Clock, Refused

WRONG = (401, "UNAUTHORIZED", None)


def login(username: str = "ada", password: str = PASSWORD, **fields: Any) -> dict[str, Any]:
    return {"username": username, "password": password, **fields}


async def test_login_gives_the_documented_answer(api: Api) -> None:
    status, answer = await api.call("POST", "/login", login(), token="")
    assert status == 200
    assert answer.keys() == {"access_token", "refresh_token", "token_type", "expires_in", "role"}
    assert (answer["token_type"], answer["expires_in"], answer["role"]) == ("Bearer", 3600, "USER")


async def test_the_session_is_shown(api: Api) -> None:
    status, answer = await api.call("GET", "/login")
    assert status == 200
    assert (answer["username"], answer["display_name"], answer["domain"]) == ("ada", "Ada Lovelace", "default")
    assert answer["expires_at"] == "2027-01-15T09:00:00Z"


async def test_without_a_good_token_nothing_is_shown(api: Api, refused: Refused) -> None:
    for token in ("", "nonsense", "ü"):
        assert await refused(api.call("GET", "/user/meetings", token=token)) == WRONG


async def test_an_access_token_expires_and_is_renewed(api: Api, clock: Clock, refused: Refused) -> None:
    _, grant = await api.call("POST", "/login", login(), token="")
    clock.now += 3600
    assert await refused(api.call("GET", "/login", token=grant["access_token"])) == WRONG
    status, renewed = await api.call("POST", "/login/refresh", {"refresh_token": grant["refresh_token"]}, token="")
    assert status == 200
    assert (await api.call("GET", "/login", token=renewed["access_token"]))[0] == 200
    again = api.call("POST", "/login/refresh", {"refresh_token": grant["refresh_token"]}, token="")
    assert await refused(again) == WRONG


async def test_logout_voids_both_tokens(api: Api, refused: Refused) -> None:
    _, grant = await api.call("POST", "/login", login(), token="")
    assert (await api.call("POST", "/logout", token=grant["access_token"]))[0] == 204
    assert await refused(api.call("GET", "/login", token=grant["access_token"])) == WRONG
    renewal = api.call("POST", "/login/refresh", {"refresh_token": grant["refresh_token"]}, token="")
    assert await refused(renewal) == WRONG


async def test_wrong_name_password_and_domain_are_refused_in_the_same_words(api: Api) -> None:
    answers = [
        await api.call("POST", "/login", body, token="")
        for body in (login(password="x"), login(username="nobody"), login(domain="elsewhere"))
    ]
    assert {status for status, _ in answers} == {401}
    assert len({str(answer) for _, answer in answers}) == 1


async def test_guessing_a_password_becomes_slow_and_waiting_helps(api: Api, clock: Clock) -> None:
    statuses = [(await api.call("POST", "/login", login(password="x"), token=""))[0] for _ in range(8)]
    assert statuses == [401] * 6 + [429] * 2
    async with api.client.post("/api/login", json=login()) as response:
        assert response.status == 429
        assert int(response.headers["Retry-After"]) >= 1
    clock.now += 31
    assert (await api.call("POST", "/login", login(), token=""))[0] == 200


async def test_a_missing_password_is_named(api: Api, refused: Refused) -> None:
    assert await refused(api.call("POST", "/login", {"username": "ada"}, token="")) == (
        400,
        "VALIDATE_FAILED",
        "password",
    )
