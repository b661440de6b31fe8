"""Sources of a plan that are tables of a PostgreSQL server: brought here as text, typed by the plan."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from retailctl.connect.postgres import Database
from retailctl.errors import IncompleteError, RetailctlError, UsageError
from tests.unit.parallel.comparing import classes, told
from tests.unit.parallel.running import PLAN, line, run, workspace

ROWS = [line("o1"), line("o2", mail=""), line("o3", mail="zoë@shop.example"), line("o4", price="-3.50")]
TABLE = """\
create schema "Shop";
create table "Shop"."Lines" (order_id text, store smallint, qty int, price numeric(9, 4), currency char(3),
  ts timestamptz, mail text, paid boolean, extra jsonb);
insert into "Shop"."Lines" values
  ('o1', 1, 2, 10, 'EUR', '2026-11-18 10:00:00+00', 'ada@shop.example', true, '{}'),
  ('o2', 1, 2, 10, 'EUR', '2026-11-18 11:00:00+01', null, false, null),
  ('o3', 1, 2, 10, 'EUR', '2026-11-18 10:00:00+00', 'zoë@shop.example', true, '[1, "x"]'),
  ('o4', 1, 2, -3.5, 'EUR', '2026-11-18 10:00:00+00', 'ada@shop.example', null, null),
  ('test', 1, 2, 1, 'EUR', '2026-11-18 10:00:00+00', '', null, null);
"""


@pytest.fixture(scope="module")
def shop(postgres_dsn: str) -> Iterator[str]:
    import psycopg

    with psycopg.connect(postgres_dsn, autocommit=True) as other:
        other.execute(TABLE.encode())
        yield postgres_dsn
        other.execute('drop schema "Shop" cascade')


def planned(root: Path, source: str, rows: list[str] | None = None) -> Path:
    return workspace(root, ROWS, ROWS if rows is None else rows, PLAN.replace("{csv: legacy.csv}", f"{{{source}}}"))


def secret(dsn: str) -> str:
    """The same address with a password, which the server does not ask for."""
    return f"{dsn} password=hunter2"


@pytest.mark.parametrize(
    ("of", "count"),
    [
        ("table: Shop.Lines", 5),
        ('query: \'select * from "Shop"."Lines" where order_id <> $$test$$; -- for now\'', 4),
    ],
)
def test_a_table_or_a_query_is_brought_here(
    of: str, count: int, shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEGACY_PG", secret(shop))
    rows = [*ROWS, line("test", price="1.00", mail='""')][:count]
    report = run(planned(tmp_path, f"postgres: LEGACY_PG, {of}", rows), record=False)
    assert classes(report) == {"EQUAL": count}
    assert told(report).rows == {"legacy": count, "new": count}
    assert told(report).legacy.endswith("of LEGACY_PG")


def test_a_plan_over_a_server_is_looked_at_and_proposed(
    shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from retailctl import api

    monkeypatch.setenv("LEGACY_PG", shop)
    options = api.AuditOptions(use_cache=False)
    root = planned(tmp_path, "postgres: LEGACY_PG, table: Shop.Lines")
    page = api.parallel_plan_check("orders", root, options)
    assert (page["problems"], page["notices"], page["not_compared"]["legacy"]) == ([], [], ["paid", "extra"])
    assert page["sources"]["legacy"] == "postgres LEGACY_PG table Shop.Lines"
    text = api.parallel_plan_init(["postgres:LEGACY_PG::Shop.Lines", str(root / "new.csv")], root, options)
    assert "legacy: {postgres: LEGACY_PG, table: Shop.Lines}\n" in text
    assert "{name: price, type: decimal, scale: 4" in text


@pytest.mark.parametrize(
    ("address", "of", "kind", "expected"),
    [
        ("hunter2", "table: t", UsageError, "names no PostgreSQL database"),
        ("host=127.0.0.1 port=1 user=u dbname=d password=hunter2", "table: t", IncompleteError, "check host, port"),
        ("", "table: gone", IncompleteError, 'relation "gone" does not exist'),
        ("", "table: a.b.c", UsageError, "names no table"),
        ("", "query: select * from gone", IncompleteError, 'relation "gone" does not exist'),
        ("", "query: select gone", UsageError, 'column "gone" does not exist'),
        ("", "query: select from where", UsageError, "syntax error"),
        ("", "query: select", UsageError, "it has no columns"),
        ("", "query: \"select nextval('numbers')\"", IncompleteError, "read-only transaction"),
        ("", "query: \"select 'hunter2'::int\"", IncompleteError, "InvalidTextRepresentation)"),
    ],
)
def test_a_server_that_fails(
    address: str, of: str, kind: type[RetailctlError], expected: str, shop: str, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    import psycopg

    with psycopg.connect(shop, autocommit=True) as other:
        other.execute("create sequence if not exists numbers")
    monkeypatch.setenv("LEGACY_PG", address or secret(shop))
    root = planned(tmp_path, f"postgres: LEGACY_PG, {of}")
    with pytest.raises(kind) as caught:
        run(root)
    assert expected in str(caught.value)
    assert "LEGACY_PG" in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert not (root / "migrations/w2-orders/evidence").exists()


def test_a_server_that_is_stopped_while_it_sends(shop: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import psycopg

    monkeypatch.setenv("LEGACY_PG", shop)
    plain = Database.copy

    def killed(self: Database, query: str, target: Any) -> None:
        with psycopg.connect(shop, autocommit=True) as other:
            other.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and state like 'idle in%'"
            )
        plain(self, query, target)

    monkeypatch.setattr(Database, "copy", killed)
    root = planned(tmp_path, "postgres: LEGACY_PG, table: Shop.Lines")
    with pytest.raises(IncompleteError, match=r"^Shop.Lines of LEGACY_PG: PostgreSQL stopped"):
        run(root)
    assert not (root / "migrations/w2-orders/evidence").exists()
