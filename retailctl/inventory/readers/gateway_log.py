"""Gateway logs in the shape of Kong: one JSON object per call with request, response, service, route and consumer.

A consumer of a gateway is configuration and stays in clear, unless it has the form of an e-mail address. The provider
is the service behind the gateway where the inventory knows it by host or name (then the path is the one that was
passed on), else the host that was called, else the service as the gateway names it.
"""

from __future__ import annotations

from collections.abc import Iterator

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.inventory.traffic.clients import names_of
from retailctl.inventory.traffic.found import Reported
from retailctl.inventory.traffic.json_lines import Choose, JsonLines
from retailctl.inventory.traffic.json_records import share_of_objects
from retailctl.inventory.traffic.json_words import GATEWAY
from retailctl.inventory.traffic.lines import samples
from retailctl.inventory.traffic.reading_log import read_log


def _detect(artefact: Artefact) -> float:
    lines = list(samples(artefact.first_lines))
    if not lines or not lines[0].startswith("{"):
        return 0.0
    shape = sum('"latencies"' in line or '"service"' in line or '"consumer"' in line for line in lines) / len(lines)
    return 0.95 * share_of_objects(lines, GATEWAY) * min(1.0, shape)


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    lines = list(samples(artefact.first_lines))
    reported = Reported("gateway-log", artefact, reading, names_of(reading, declared=True))
    hint = "one JSON object per line, with request.method and request.uri, as Kong's file-log and http-log write it"
    parse = JsonLines(GATEWAY, lines, _chooser(reading)).columns
    yield from read_log(reported, parse, kind="a gateway log line", hint=hint)


def _chooser(reading: Reading) -> Choose:
    def choose(host: str, server: str, service: str) -> str:
        return next((name for name in (server, service) if name and reading.known(name)), host or server or service)

    return choose


READER = Reader("gateway-log", "log of an API gateway in JSON lines", _detect, _read)
