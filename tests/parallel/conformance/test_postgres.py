"""The session in PostgreSQL: what it refuses, what it says when something fails, what it sees."""

from __future__ import annotations

from pathlib import Path

import pytest

from retailctl.connect.postgres import Database, Setting
from retailctl.errors import IncompleteError, UsageError
from retailctl.parallel.columns import Type
from retailctl.parallel.engines.postgres import PostgresEngine
from retailctl.parallel.sources.postgres import postgres_table
from retailctl.parallel.sql.bucket import Step
from tests.parallel.conformance import pending
from tests.parallel.conformance.places import DuckPlace, PostgresPlace


@pytest.mark.parametrize(
    "dsn",
    [
        "postgresql://u:hunter2@localhost/db",
        "postgresql://u@localhost/db?password=hunter2",
        "host=localhost user=u password=hunter2",
        "host=localhost sslpassword=hunter2",
        "postgresql://u:hunter2@[localhost/db",
        "hunter2",
    ],
)
def test_a_dsn_with_a_password_is_refused_and_not_repeated(dsn: str) -> None:
    with pytest.raises(UsageError) as caught:
        Database(dsn)
    assert caught.value.exit_code == 2
    assert "hunter2" not in str(caught.value)
    assert caught.value.hint


def test_nobody_listens() -> None:
    with pytest.raises(IncompleteError, match="check host, port"):
        Database("host=127.0.0.1 port=1 user=u dbname=d")


def test_a_user_and_a_database_that_are_not_there(postgres_dsn: str) -> None:
    with pytest.raises(IncompleteError, match=r"nobody.*\n.*user, database and password"):
        Database(f"{postgres_dsn} user=nobody")
    with pytest.raises(IncompleteError, match=r"nowhere.*\n.*user, database and password"):
        Database(postgres_dsn.replace("dbname=postgres", "dbname=nowhere"))


def test_a_database_in_another_encoding(postgres_dsn: str) -> None:
    import psycopg

    with psycopg.connect(postgres_dsn, autocommit=True) as other:
        other.execute(
            "create database latin encoding 'LATIN1' locale_provider libc lc_collate 'C' lc_ctype 'C' template template0"
        )
    with pytest.raises(UsageError, match="in LATIN1"):
        Database(postgres_dsn.replace("dbname=postgres", "dbname=latin"))


def test_a_setting_that_the_server_refuses(postgres_dsn: str) -> None:
    with pytest.raises(UsageError, match="work_mem much"):
        Database(postgres_dsn, Setting(memory="much"))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select 'secret value'::int", r"InvalidTextRepresentation\)$"),
        ("select 1/(length('secret') - 6)", r"DivisionByZero\)$"),
        ("select * from nowhere", r'relation "nowhere" does not exist\n.*with its schema'),
        ("select pg_sleep(20)", r"QueryCanceled\).*\n.*raise the time limit"),
    ],
)
def test_a_failure_is_told_without_data(postgres_dsn: str, query: str, said: str) -> None:
    with (
        PostgresEngine(postgres_dsn, Setting(seconds=1)) as engine,
        pytest.raises(IncompleteError, match=said) as caught,
    ):
        engine.rows(query)
    assert "secret" not in str(caught.value)


def test_one_state_of_the_data_is_seen_for_as_long_as_a_comparison_takes(postgres_dsn: str) -> None:
    import psycopg

    with psycopg.connect(postgres_dsn, autocommit=True) as other:
        other.execute("create table moving as select 1 as k")
        with PostgresEngine(postgres_dsn) as engine:
            assert engine.rows("select count(*) from moving") == [(1,)]
            other.execute("insert into moving values (2)")
            assert engine.rows("select count(*) from moving") == [(1,)]
            engine.make(Step("kept", "select * from moving"))
        assert other.execute("select count(*) from pg_class where relname = 'kept'").fetchone() == (0,)


def test_a_table_is_described_in_canonical_types(postgres_dsn: str) -> None:
    import psycopg

    with psycopg.connect(postgres_dsn, autocommit=True) as other:
        other.execute('create schema "Old"')
        other.execute(
            'create table "Old"."Line Items" (id smallint, "Price" numeric(12,3), loose numeric, ratio real, name varchar(9),'
            " tag char(3), at timestamptz(3), local timestamp, day date, flag boolean, extra jsonb, ids int[])"
        )
        other.execute("""insert into "Old"."Line Items" (loose, tag) values (1.2500, 'a'), (7, 'b'), ('NaN', 'c')""")
    with PostgresEngine(postgres_dsn) as engine:
        relation = postgres_table(engine, "Old.Line Items")
        assert [(column.name, str(column.type)) for column in relation.columns] == [
            ("id", "int"), ("Price", "decimal(3)"), ("loose", "decimal(2)"), ("ratio", "float"), ("name", "text"),
            ("tag", "text"), ("at", "timestamp"), ("local", "timestamp"), ("day", "date"), ("flag", "bool"),
            ("extra", "text"), ("ids", "text"),
        ]  # fmt: skip
        native = {column.name: column.native for column in relation.columns}
        assert (native["at"], native["Price"]) == ("timestamp with time zone", "numeric(12,3)")
        shown = engine.dialect.as_text("ids", native["ids"])
        assert engine.rows(
            f"select count({shown}), count({engine.dialect.converted('loose', Type('decimal', 2), Type('int'))}) from {relation.query}"
        ) == [(0, 1)]


@pytest.mark.parametrize("name", ["", "a.", ".a", "a.b.c"])
def test_what_names_no_table(postgres_dsn: str, name: str) -> None:
    with PostgresEngine(postgres_dsn) as engine, pytest.raises(UsageError, match="names no table"):
        postgres_table(engine, name)


def test_rows_that_were_pending_are_looked_up_alike(postgres_dsn: str, tmp_path: Path) -> None:
    assert pending.looked_up(PostgresPlace(postgres_dsn)) == pending.looked_up(DuckPlace(tmp_path))
