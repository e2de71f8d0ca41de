"""The line between a browser and the server, which a test may cut and mend. It carries TCP; media go their own way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

CHUNK = 65536


class Line:
    """`url` stands for the server's."""

    def __init__(self, server_url: str) -> None:
        self._server = urlsplit(server_url)
        self.url = ""
        self._is_cut = False
        self._calls: set[asyncio.Task[None]] = set()
        self._silent: set[asyncio.Task[None]] = set()

    def cut(self) -> None:
        """Break every connection, and refuse new ones until it is mended."""
        self._is_cut = True
        for call in self._calls:
            call.cancel()

    def mend(self) -> None:
        """Let new connections through again."""
        self._is_cut = False

    def fall_silent(self) -> None:
        """Carry nothing more of the connections that there are, as when a computer has changed its network: neither
        end is told."""
        self._silent |= self._calls

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, from its beginning to its end."""
        call = asyncio.current_task()
        assert call is not None
        self._calls.add(call)
        try:
            if not self._is_cut:
                await self._connect(call, reader, writer)
        except (asyncio.CancelledError, OSError):
            writer.transport.abort()
        finally:
            self._calls.discard(call)
            self._silent.discard(call)
            writer.close()

    async def _connect(
        self, call: asyncio.Task[None], reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        from_server, to_server = await asyncio.open_connection(self._server.hostname, self._server.port)
        try:
            async with asyncio.TaskGroup() as ways:
                ways.create_task(self._pump(call, reader, to_server))
                ways.create_task(self._pump(call, from_server, writer))
        finally:
            to_server.transport.abort()

    async def _pump(self, call: asyncio.Task[None], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(CHUNK):
                if call not in self._silent:
                    writer.write(data)
                    await writer.drain()
            writer.write_eof()


@asynccontextmanager
async def line_to(server_url: str) -> AsyncIterator[Line]:
    """A line on a free port."""
    line = Line(server_url)
    server = await asyncio.start_server(line.carry, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    line.url = f"http://{host}:{port}"
    try:
        yield line
    finally:
        line.cut()
        server.close()
