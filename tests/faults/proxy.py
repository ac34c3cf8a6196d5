"""A proxy before several nodes, in a thread of its own: by turns, and on to the next where one
refuses. What a node breaks off in the middle is broken off for the patient too.
"""

import asyncio
import threading
from contextlib import suppress
from itertools import cycle, islice
from typing import Self

BLOCK = 65536
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Proxy:
    """Until the end of the `with`. `went_on` counts requests that a node refused."""

    def __init__(self, ports: list[int]) -> None:
        self.ports, self.turns, self.went_on, self.port = ports, cycle(ports), 0, 0
        self.tasks: set[asyncio.Task[None] | None] = set()
        self.loop, self.ready = asyncio.new_event_loop(), threading.Event()
        self.thread = threading.Thread(target=self.run)

    def __enter__(self) -> Self:
        self.thread.start()
        self.ready.wait()
        return self

    def __exit__(self, *error: object) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()

    def run(self) -> None:
        listening = asyncio.start_server(self.serve, "127.0.0.1", 0)
        server = self.loop.run_until_complete(listening)
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        self.loop.run_forever()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self.tasks.add(task)  # asyncio itself forgets those that wait
        node = await self.a_node()
        if node:
            ways = [passed(reader, node[1]), passed(node[0], writer)]
            both = [asyncio.ensure_future(way) for way in ways]
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            node[1].close()
        writer.close()
        self.tasks.discard(task)

    async def a_node(self) -> Streams | None:
        for port in islice(self.turns, len(self.ports)):
            try:
                return await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                self.went_on += 1
        return None


async def passed(source: asyncio.StreamReader, to: asyncio.StreamWriter) -> None:
    """What comes from one side goes to the other, until it ends."""
    with suppress(OSError):
        while block := await source.read(BLOCK):
            to.write(block)
            await to.drain()
