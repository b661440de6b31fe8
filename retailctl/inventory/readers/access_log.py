"""Access logs of web servers: Apache and nginx (common and combined, with and without host), JSON lines, AWS ALB.

The provider is the host of the line, else the system that the user names, else the file. Query strings are cut, and so
is everything behind ``/web/hook/``. Parts of pages (``*.css``, images, fonts) are no interfaces: they are counted with
the server, as are paths that only ever answered that they are not there. Times are those of the server's clock.
Templates are learned per file: two halves of a log agree in all counts, but the half with fewer different names in a
place may still show them one by one. Behind a proxy that does not pass the address on, all calls come from the proxy;
``behind_proxy`` among the figures of the server says where that is beyond doubt.
"""

from __future__ import annotations

from collections.abc import Iterator

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.inventory.traffic.clients import names_of
from retailctl.inventory.traffic.found import Reported
from retailctl.inventory.traffic.json_lines import JsonLines
from retailctl.inventory.traffic.json_records import is_status, refused_status, share_of_objects
from retailctl.inventory.traffic.json_words import ACCESS
from retailctl.inventory.traffic.lines import WEB, best, samples
from retailctl.inventory.traffic.reading_log import read_log

_KIND = "an access log line"
_HINT = "formats: common, combined, JSON lines and AWS ALB; Odoo server logs are read by inventory odoo-log"


def _detect(artefact: Artefact) -> float:
    lines = list(samples(artefact.first_lines))
    if not lines:
        return 0.0
    if lines[0].startswith("{"):
        return 0.9 if is_status(lines[0]) else 0.9 * share_of_objects(lines, ACCESS)
    _, fit = best(WEB, lines)
    return 0.9 * fit / len(lines) if fit * 5 < len(lines) else 0.9


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    lines = list(samples(artefact.first_lines))
    reported = Reported("access-log", artefact, reading, names_of(reading))
    if lines and lines[0].startswith("{"):
        if is_status(lines[0]):
            raise refused_status(artefact)
        yield from read_log(reported, JsonLines(ACCESS, lines).columns, kind=_KIND, hint=_HINT)
        return
    form, _ = best(WEB, lines or [""])
    yield from read_log(reported, form.columns, kind=_KIND, hint=_HINT)


READER = Reader("access-log", "access log of a web server or load balancer", _detect, _read)
