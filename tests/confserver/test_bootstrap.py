"""The first start makes an administrator and a meeting; later starts make nothing."""

from pydantic import SecretStr

from confserver.auth.service import Credentials
from confserver.bootstrap import bootstrap
from confserver.config import Settings
from confserver.services import Services


async def test_the_first_start_shows_a_password_once(services: Services) -> None:
    first = await bootstrap(Settings(), services)
    assert first.admin_user == "admin"
    assert first.one_time_password is not None
    assert (await services.auth.login(Credentials("admin", first.one_time_password))).session.role == "ADMIN"
    assert first.first_meeting is not None
    assert first.invite_url == f"https://meet.example.com/join/{first.first_meeting.access_key}"
    again = await bootstrap(Settings(), services)
    assert again.one_time_password is None
    assert again.invite_url == first.invite_url


async def test_a_given_password_is_used_and_not_shown(services: Services) -> None:
    settings = Settings(admin_user="root", admin_password=SecretStr("hush"))
    first = await bootstrap(settings, services)
    assert first.one_time_password is None
    assert await services.auth.login(Credentials("root", "hush"))


async def test_without_meetings_there_is_no_link(services: Services) -> None:
    first = await bootstrap(Settings(), services)
    assert first.first_meeting
    await services.meetings.delete(first.first_meeting.id)
    assert (await bootstrap(Settings(), services)).invite_url is None
