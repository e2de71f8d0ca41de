"""Opens the data folder for a command that works on what is stored."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from confserver.config import Settings
from confserver.services import Services, open_services

T = TypeVar("T")


def with_services(settings: Settings, work: Callable[[Services], Awaitable[T]]) -> T:
    """Opens the data folder, does the work, closes it."""

    async def do() -> T:
        async with open_services(settings) as services:
            return await work(services)

    return asyncio.run(do())
