"""What a comparison, or the run of a plan, may be asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareOptions:
    """``key`` are column names of the new side; ``renamed`` gives those for columns of the legacy side.

    ``tolerances`` are texts such as ``0.01``, ``1%`` or ``60s`` by column, ``types`` such as ``decimal(4)``. ``shown``
    are the columns whose values may be shown in clear ("all" for every one). ``memory`` is a text such as ``512MB``.
    """

    key: tuple[str, ...]
    renamed: Mapping[str, str] = field(default_factory=dict)
    only: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    tolerances: Mapping[str, str] = field(default_factory=dict)
    types: Mapping[str, str] = field(default_factory=dict)
    text: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    samples: int = 5
    rows_file: Path | None = None
    delimiter: str = ""
    encoding: str = ""
    memory: str = ""
    threads: int = 0
    bits: int = 0
    scratch: Path | None = None
    root: Path | None = None
    as_of: date | None = None
    use_cache: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """``start`` and ``end`` replace the window of the plan. ``record`` keeps evidence and history in the workspace.

    ``bindings`` are the exchanges that may be listened to, as ``EXCHANGE:KEY``.
    ``rows_file`` gets every row that differs, as it may be shown. ``engine`` is duckdb, postgres or spark;
    ``master`` that of a Spark cluster, "" for this process. ``offline`` forbids servers,
    clusters, brokers and object stores.
    """

    start: str = ""
    end: str = ""
    samples: int = 5
    rows_file: Path | None = None
    memory: str = ""
    threads: int = 0
    scratch: Path | None = None
    record: bool = True
    bindings: tuple[str, ...] = ()
    offline: bool = False
    engine: str = "duckdb"
    master: str = ""
