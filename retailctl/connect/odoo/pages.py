"""Rows in batches by id: stable while rows come and go, which paging by offset is not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Final

from retailctl.connect.odoo.errors import OdooError
from retailctl.connect.odoo.source import OdooSource, Record

BATCH: Final = 1_000


def pages(source: OdooSource, model: str, domain: Sequence[Any], fields: Sequence[str]) -> Iterator[Record]:
    """All rows in order of id. Raises OdooError, for a server too that gives the same rows again and again."""
    last = 0
    while True:
        rows = source.search_read(model, [*domain, ["id", ">", last]], fields, limit=BATCH, order="id")
        for row in rows:
            if row["id"] <= last:
                raise _stuck(model)
            last = row["id"]
            yield row
        if len(rows) < BATCH:
            return


def newest(
    source: OdooSource, model: str, domain: Sequence[Any], fields: Sequence[str], most: int
) -> tuple[list[Record], int]:
    """At most so many rows, the newest, in order of id; and how many there are."""
    rows: list[Record] = []
    while len(rows) < most:
        before = [["id", "<", rows[-1]["id"]]] if rows else []
        batch = source.search_read(
            model, [*domain, *before], fields, limit=min(BATCH, most - len(rows)), order="id desc"
        )
        ids = [*(row["id"] for row in rows[-1:]), *(row["id"] for row in batch)]
        if any(later >= earlier for earlier, later in pairwise(ids)):
            raise _stuck(model)
        rows += batch
        if len(batch) < BATCH:
            break
    total = source.search_count(model, domain) if len(rows) == most else len(rows)
    return rows[::-1], max(total, len(rows))


def _stuck(model: str) -> OdooError:
    hint = "check that the address is that of Odoo itself; a cache before it may answer"
    return OdooError("answer", f"the server does not keep to the order of ids of {model}", hint=hint)
