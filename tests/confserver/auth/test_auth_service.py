"""Sessions and roles below HTTP: what is stored of a token, how many sessions there are, who may host."""

import asyncio
import contextlib
from pathlib import Path

import pytest

from confserver.auth import passwords as workshop
from confserver.auth import service as module
from confserver.auth.identity import Role, User
from confserver.auth.passwords import Passwords
from confserver.auth.service import Credentials
from confserver.errors import Conflict, TooManyRequests, Unauthorized
from confserver.meetings.definition import MeetingDefinition
from confserver.services import Services
from tests.confserver.conftest import PASSWORD, WEEKLY, Clock


async def test_no_token_and_no_password_can_be_read_from_the_database(
    services: Services, owner: User, tmp_path: Path
) -> None:
    grant = await services.auth.login(Credentials("ada", PASSWORD))
    stored = b"".join(file.read_bytes() for file in (tmp_path / "data").iterdir())
    for secret in (grant.access_token, grant.refresh_token, PASSWORD):
        assert secret.encode() not in stored


async def test_a_token_of_bytes_that_are_no_text_is_nobodys(services: Services) -> None:
    assert await services.auth.session_by_token(b"\xff\xfe".decode(errors="surrogateescape")) is None


async def test_the_oldest_session_gives_way(services: Services, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_SESSIONS", 2)
    tokens = [(await services.auth.login(Credentials("ada", PASSWORD))).access_token for _ in range(3)]
    alive = [await services.auth.session_by_token(token) is not None for token in tokens]
    assert alive.count(True) == 2
    assert alive[2]


async def test_a_source_that_has_to_wait_locks_no_owner_out(services: Services, owner: User, clock: Clock) -> None:
    refused = 0
    for _ in range(100):
        clock.now += 10.0
        try:
            await services.auth.login(Credentials("ada", "wrong", source="198.51.100.1"))
        except (Unauthorized, TooManyRequests) as error:
            refused += isinstance(error, TooManyRequests)
    assert refused > 50
    clock.now += 40.0
    for _ in range(3):
        with contextlib.suppress(TooManyRequests):
            await services.auth.login(Credentials("ada", "wrong", source="198.51.100.1"))
    await services.auth.login(Credentials("ada", PASSWORD, source="203.0.113.1"))


async def test_a_login_that_nobody_looked_at_is_no_failure(
    services: Services, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def log_in(password: str) -> None:
        await services.auth.login(Credentials("ada", password, source="198.51.100.1"))

    with monkeypatch.context() as overloaded:
        overloaded.setattr(workshop, "MOST_WAITING", 0)
        for _ in range(30):
            with pytest.raises(TooManyRequests, match="Too many people"):
                await log_in(PASSWORD)
    # All free attempts of the account are still there, and the source need not wait.
    for _ in range(6):
        with pytest.raises(Unauthorized):
            await log_in("wrong")
    with pytest.raises(TooManyRequests, match="Too many attempts"):
        await log_in("wrong")


async def test_guesses_at_once_gain_nothing(services: Services, owner: User) -> None:
    guesses = [services.auth.login(Credentials("ada", f"guess {number}")) for number in range(20)]
    refusals = await asyncio.gather(*guesses, return_exceptions=True)
    assert sum(isinstance(refusal, Unauthorized) for refusal in refusals) == 6


async def test_a_name_is_unique_in_its_tenant_only(services: Services, owner: User) -> None:
    with pytest.raises(Conflict):
        await services.accounts.add(owner.tenant, "ada", "x")
    other = await services.accounts.ensure_tenant("other.example")
    assert (await services.accounts.add(other, "ada", "x")).tenant.domain == "other.example"


@pytest.mark.parametrize(
    ("domain", "role", "may_see", "may_host"),
    [
        ("default", Role.ADMIN, True, True),
        ("default", Role.OPERATOR, True, False),
        ("default", Role.USER, False, False),
        ("other.example", Role.ADMIN, False, False),
    ],
)
async def test_who_may_do_what_with_the_meeting_of_another(
    services: Services, owner: User, domain: str, role: Role, may_see: bool, may_host: bool
) -> None:
    meeting = await services.meetings.create(owner, MeetingDefinition.model_validate(WEEKLY))
    await services.accounts.add(await services.accounts.ensure_tenant(domain), "eve", PASSWORD, role)
    session = (await services.auth.login(Credentials("eve", PASSWORD, domain))).session
    assert (session.may_see(meeting), session.may_host(meeting)) == (may_see, may_host)


async def test_a_damaged_hash_is_no_way_in() -> None:
    passwords = Passwords()
    assert not await passwords.verify("not a hash", "x")
    assert not await passwords.verify(None, "x")
    passwords.close()
