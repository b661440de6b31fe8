"""A service of a measurement: answers every GET with an order of about 1.8 kB, on one port, as fast as Python can.

python benchmarks/replay_services.py PORT_FILE
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import cast

LINES = [{"no": number, "sku": f"SKU{number:06}", "title": "Article", "qty": 2, "price": 9.5} for number in range(20)]


class Orders(asyncio.Protocol):
    """One connection; a request ends with an empty line, for none of them has a body."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport, self._rest = cast(asyncio.Transport, transport), b""

    def data_received(self, data: bytes) -> None:
        *requests, self._rest = (self._rest + data).split(b"\r\n\r\n")
        for request in requests:
            target = request.split(b" ", 2)[1].decode()
            body = json.dumps({"order_id": target, "status": "shipped", "lines": LINES}).encode()
            head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
            self._transport.write(head + body)


async def main() -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Orders, "127.0.0.1", 0)
    Path(sys.argv[1]).write_text(str(server.sockets[0].getsockname()[1]))
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
