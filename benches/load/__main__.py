"""`python -m benches.load --url INVITE_URL`: fills seats of a meeting with people who move and talk in turns.

For looking at a meeting with others in it; it measures nothing.
"""

import asyncio

import aiohttp
import click
import uvloop

from benches.load.crowd import Crowd
from benches.load.invitation import Invitation
from benches.load.microphone import MicrophoneState
from benches.load.pictures import person_clip
from benches.load.seat import JoinError

NAMES = ("Ada", "Grace", "Linus", "Mary", "Alan", "Radia", "Tim", "Hedy", "Vint", "Barbara", "Edsger", "Joan")
TALK_S = 4.0


@click.command()
@click.option("--url", required=True, help="Invite link; a PIN may ride along as #pin=...")
@click.option("--guests", default=3, show_default=True, type=click.IntRange(1, 200), help="How many join.")
@click.option("--names", default="", help="Their names, separated by commas.")
@click.option("--video", is_flag=True, help="Everybody shows a moving picture.")
@click.option("--seconds", default=0.0, help="Leave after this time; 0: stay until Ctrl-C.")
def main(url: str, guests: int, names: str, video: bool, seconds: float) -> None:
    """Join guests to a meeting."""
    given = [name.strip() for name in names.split(",") if name.strip()] or list(NAMES)
    called = [given[number] if number < len(given) else f"Guest {number + 1}" for number in range(guests)]
    try:
        uvloop.run(_fill(Invitation.from_url(url), called, video, seconds or None))
    except KeyboardInterrupt:
        click.echo("All have left.")
    except (JoinError, ValueError, aiohttp.ClientError) as error:
        raise click.ClickException(str(error)) from None


async def _fill(invitation: Invitation, names: list[str], has_video: bool, seconds: float | None) -> None:
    clips = [person_clip(number) if has_video else None for number in range(len(names))]
    async with Crowd() as crowd:
        for name, clip in zip(names, clips, strict=True):
            await crowd.join(invitation, name, clip)
            click.echo(f"{name} has joined.")
        try:
            async with asyncio.timeout(seconds):
                await _talk_in_turns(crowd)
        except TimeoutError:
            click.echo("All leave.")


async def _talk_in_turns(crowd: Crowd) -> None:
    while any(guest.is_seated for guest in crowd.guests):
        for speaker in crowd.guests:
            for guest in crowd.guests:
                guest.microphone.switch(MicrophoneState.SPEAKING if guest is speaker else MicrophoneState.MUTED)
            await asyncio.sleep(TALK_S)


if __name__ == "__main__":
    main()
