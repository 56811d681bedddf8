"""Little shops on loopback that answer as badly as asked, and count what reaches them."""

import asyncio
import contextlib
import socket
import time
from types import SimpleNamespace

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 2\r\n\r\nOK"


class Probe:
    """A listener: how many connections it saw, the requests it read, when each connection ended."""

    def __init__(self, server, answer, *, waits):
        self.port = server.sockets[0].getsockname()[1]
        self._answer, self._waits = answer, waits
        self.connections = 0
        self.requests = []
        self.bytes_sent = 0
        self.ended_after = None

    async def handle(self, reader, writer):
        self.connections += 1
        started = time.monotonic()
        try:
            if self._waits:
                self.requests.append(await self._read(reader))
            if callable(self._answer):
                await self._answer(self, writer)
            else:
                writer.write(self._answer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.ended_after = time.monotonic() - started
            writer.close()
            with contextlib.suppress(ConnectionError):
                await writer.wait_closed()

    async def _read(self, reader):
        head = await reader.readuntil(b"\r\n\r\n")
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        return head + await reader.readexactly(int(lengths[0].split(b":")[1]))

    async def send(self, writer, content):
        writer.write(content)
        await writer.drain()
        self.bytes_sent += len(content)


@contextlib.asynccontextmanager
async def probe(answer=OK, *, tls=None, waits=True):
    """Serve `answer` (bytes, or an async function given the probe and the writer) on a free port of loopback.

    `waits` reads a whole request first.
    """
    holder, conversations = [], set()

    async def handle(reader, writer):
        conversation = asyncio.ensure_future(holder[0].handle(reader, writer))
        conversations.add(conversation)
        await asyncio.wait([conversation])

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls)
    holder.append(Probe(server, answer, waits=waits))
    try:
        yield holder[0]
    finally:
        server.close()
        for conversation in conversations:
            conversation.cancel()
        await asyncio.gather(*conversations, return_exceptions=True)


def dripping(*, before=b"", drop=b"x", every=0.5):
    """An answer that sends `before`, then `drop` for ever, a little at a time."""

    async def answer(self, writer):
        await self.send(writer, before)
        while True:
            await asyncio.sleep(every)
            await self.send(writer, drop)

    return answer


@contextlib.contextmanager
def full_queue():
    """A listener that never accepts, its queue full: to connect to it hangs."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield SimpleNamespace(port=listener.getsockname()[1])
