"""What it costs to read access logs: lines per CPU second, and memory that does not grow with the log.

    python benchmarks/access_logs.py [--quick] [--lines N]

Made up are logs with a fifth as many different paths as lines: numbers, UUIDs, codes, tokens, names of products, files
of pages and paths that are not there, asked for by 3,000 clients at 50 requests a second. Each is read by a process of
its own, start of the interpreter included, as the command reads it: without collection of cycles.

Bars, for the combined format: 200,000 lines per CPU second at 5,000,000 lines, and at most 1.2 times the memory of a
tenth of that. The other formats are told beside it, at a tenth of the lines. The bar for speed holds for the larger
log only: a small one is mostly start and learning.
"""

from __future__ import annotations

import gc
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.measuring import Cost, arguments, child, verdict

_LINES, _FEWER = 5_000_000, 1_000_000
_SPEED, _GROWTH = 200_000, 1.2
_PER_SECOND: Final = 50
_START: Final = datetime(2026, 11, 1, tzinfo=UTC)
_AGENTS: Final = (
    "python-requests/2.31.0", "okhttp/4.9.3", "Shopify-Captain-Hook", "Odoo/17.0",
    "Apache-HttpClient/4.5.13 (Java/11.0.20)", "Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0",
)  # fmt: skip
_WORDS: Final = ("red", "blue", "wool", "silk", "shirt", "coat", "hat", "lamp", "chair", "table", "cup", "bowl")
Row = tuple[int, str, str, int, str, str]  # client number, method, path, status, agent, second


def main() -> int:
    """Print the table; 1 when a bar is broken."""
    parser = arguments(__doc__)
    parser.add_argument("--lines", type=int, default=0, help="5,000,000 if it is not given; 1,000,000 with --quick")
    parser.add_argument("--read", type=Path, help="read one log and end: what the measured process does")
    options = parser.parse_args()
    if options.read:
        return _read(options.read)
    lines = options.lines or (_FEWER if options.quick else _LINES)
    print(f"{'format':<12} {'lines':>10} {'MB':>6} {'CPU s':>7} {'lines/CPU s':>12} {'memory MB':>10}")
    with tempfile.TemporaryDirectory() as folder:
        small = _measured(Path(folder), "combined", lines // 10)
        large = _measured(Path(folder), "combined", lines)
        for name in _FORMATS:
            if name != "combined":
                _measured(Path(folder), name, lines // 10)
    speed, growth = lines / large.cpu, large.memory / small.memory
    return verdict(
        {
            f"{lines:,} lines: {speed:,.0f} per CPU second (bar {_SPEED:,})": speed >= _SPEED,
            f"memory {growth:.2f} times that of a tenth (bar {_GROWTH})": growth <= _GROWTH,
        }
    )


def _measured(folder: Path, name: str, lines: int) -> Cost:
    path = folder / f"{name}.log"
    with path.open("w", encoding="ascii", buffering=1 << 20) as stream:
        stream.writelines(map(_FORMATS[name], rows(lines)))
    cost = child([str(Path(__file__).resolve()), "--read", str(path)], expect=(0,))
    size = path.stat().st_size / 1e6
    path.unlink()
    print(f"{name:<12} {lines:>10,} {size:>6.0f} {cost.cpu:>7.2f} {lines / cost.cpu:>12,.0f} {cost.memory:>10.0f}")
    return cost


def _read(path: Path) -> int:
    from retailctl.inventory.artefact import Artefact
    from retailctl.inventory.readers.index import reader_for
    from retailctl.inventory.reading import Reading

    gc.disable()  # as the command does
    artefact = Artefact(path.parent, path.name)
    reader = reader_for(artefact)
    if reader is None:
        raise SystemExit(f"no reader knows {path.name}")
    reading = Reading(as_of=date(2026, 11, 20), fingerprint=str, pseudonym=lambda name: f"anon-{len(name)}")
    return 0 if sum(1 for _ in reader.read(artefact, reading)) > 1 else 1


def rows(number: int) -> Iterator[Row]:
    """The requests of a log; the same for the same number."""
    distinct = max(1, number // 5)
    second = ""
    for index in range(number):
        if index % _PER_SECOND == 0:
            second = (_START + timedelta(seconds=index // _PER_SECOND)).strftime("%d/%b/%Y:%H:%M:%S")
        which = index * 2_654_435_761 % distinct  # every path in the end, in no order
        kind = which % 100
        status = 404 if kind == 99 else 500 if index % 997 == 0 else 200
        yield (
            index * 7919 % 3000,
            "POST" if kind % 7 == 0 else "GET",
            _path(which, kind),
            status,
            _AGENTS[index % 6],
            second,
        )


def _path(which: int, kind: int) -> str:
    if kind < 40:
        return f"/api/v1/orders/{which}?expand=lines"
    if kind < 60:
        return f"/api/v2/customers/{which}/addresses/{which % 9}"
    if kind < 75:
        a, b, c = which % 12, which // 12 % 12, which // 144 % 12
        return f"/shop/{_WORDS[a]}-{_WORDS[b]}-{_WORDS[c]}-{which:x}"
    if kind < 85:
        return f"/rest/V1/stock/{which * 40_503 % (1 << 32):08x}-0000-4000-8000-{which:012x}"
    if kind < 93:
        return f"/erp/products/SKU-{which:07d}/price"
    if kind < 97:
        return f"/payments/pay_{which * 48_271 % (1 << 40):x}Zq{which % 97}/status"
    return f"/static/{which}/page.css" if kind < 99 else f"/wp-{which:x}/setup.php"


def _combined(row: Row) -> str:
    client, method, path, status, agent, second = row
    where = f"10.{client % 3}.{client % 7}.{client % 251}"
    return f'{where} - - [{second} +0000] "{method} {path} HTTP/1.1" {status} 512 "-" "{agent}"\n'


def _json(row: Row) -> str:
    client, method, path, status, agent, second = row
    return (
        f'{{"time_local":"{second} +0000","remote_addr":"10.0.{client % 7}.{client % 251}","remote_user":"",'
        f'"request":"{method} {path} HTTP/1.1","status":"{status}","body_bytes_sent":"512","http_referer":"",'
        f'"http_user_agent":"{agent}","host":"shop.example"}}\n'
    )


def _odoo(row: Row) -> str:
    client, method, path, status, _, second = row
    time = f"2026-11-{second[:2]} {second[12:]}"
    return (
        f"{time},156 24989 INFO shop werkzeug: 10.0.0.{client % 251} - - [{second}] "
        f'"{method} {path} HTTP/1.1" {status} - 3 0.002 0.005\n'
    )


_FORMATS: Final[dict[str, Callable[[Row], str]]] = {
    "combined": _combined,
    "with host": lambda row: f"shop{row[0] % 3}.example {_combined(row)}",
    "json": _json,
    "odoo": _odoo,
}


if __name__ == "__main__":
    sys.exit(main())
