"""The flags that several commands of `retailctl contract` have, each defined once."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

STDIN_NAME = "stdin.yaml"
Against = Annotated[
    str | None,
    typer.Option(
        "--against", metavar="REF|VERSION", help="A revision of git, or a version such as v1.", show_default=False
    ),
]
Profile = Annotated[
    Literal["retailctl", "oasdiff"],
    typer.Option(
        "--severity-profile", metavar="PROFILE", help="Whose levels: retailctl or oasdiff.", show_default=False
    ),
]
LevelsFile = Annotated[
    Path | None,
    typer.Option(
        "--severity-levels", metavar="FILE", help="Levels by rule id, one `id level` a line.", show_default=False
    ),
]
Level = Annotated[
    list[str] | None,
    typer.Option("--level", metavar="ID=LEVEL", help="Level of one rule: err, warn, info, none; may be repeated."),
]
Content = Annotated[
    Literal["declared", "all", "lenient", "strict"] | None,
    typer.Option(
        "--content-model", metavar="MODEL", show_default=False,
        help="declared or lenient: clients send what the contract names (default); all or strict: anything it accepts.",
    ),
]  # fmt: skip
Mode = Annotated[
    Literal[
        "BACKWARD", "BACKWARD_TRANSITIVE", "FORWARD", "FORWARD_TRANSITIVE", "FULL", "FULL_TRANSITIVE", "NONE"
    ] | None,
    typer.Option(
        "--mode", metavar="MODE", show_default=False, case_sensitive=False,
        help="Which readings of events must stay: BACKWARD, FORWARD, FULL, each _TRANSITIVE, or NONE.",
    ),
]  # fmt: skip
Category = Annotated[
    Literal["FILE", "PACKAGE", "WIRE_JSON", "WIRE", "CSR"] | None,
    typer.Option(
        "--category", metavar="CATEGORY", show_default=False, case_sensitive=False,
        help="What Protobuf promises: WIRE, WIRE_JSON, PACKAGE, FILE, or CSR as registries do (default).",
    ),
]  # fmt: skip
MatchPath = Annotated[
    str, typer.Option("--match-path", metavar="REGEX", help="Only paths that match.", show_default=False)
]
UnmatchPath = Annotated[
    str, typer.Option("--unmatch-path", metavar="REGEX", help="No paths that match.", show_default=False)
]
Days = Annotated[int, typer.Option(metavar="DAYS", min=0, help="Notice that a sunset must give.", show_default=False)]
Stability = Annotated[
    Literal["", "draft", "alpha", "beta", "stable"],
    typer.Option("--stability-level", metavar="LEVEL", help="Leave out what is less stable.", show_default=False),
]
Remote = Annotated[
    list[str] | None,
    typer.Option(
        "--allow-remote-refs", metavar="HOST",
        help="Fetch references to this host, https only; may be repeated. --offline wins.",
    ),
]  # fmt: skip
StdinName = Annotated[
    str,
    typer.Option(
        "--stdin-name", metavar="NAME", show_default=False,
        help="What - is called; the suffix is its format; default stdin.yaml.",
    ),
]  # fmt: skip
Only = Annotated[
    list[str] | None, typer.Option("--contract", metavar="ID", help="Only this contract; may be repeated.")
]
