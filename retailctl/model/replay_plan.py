"""``migrations/<wave>/parallel/<plan>.yaml`` of ``kind: http``: which requests go where, and what may differ.

What a value means beyond its shape (addresses, paths, grammar of ``lists``) is checked by ``parallel.replay.plan``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field

from retailctl.model.fields import STRICT, Id, Text, Texts, as_text, doc

Method = Literal["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"]
FieldSeverity = Literal["money", "stock", "customer", "info"]
FieldCompare = Literal["exact", "abs", "rel", "minor_units", "ignore"]
HttpMetric = Literal[
    "missing", "extra", "status", "field", "undecided", "unexplained", "rejected", "coverage", "matched_ratio"
]  # fmt: skip
Pii = Literal["none", "pseudonym", "drop"]
Rate = Annotated[
    str,
    BeforeValidator(as_text),
    Field(pattern=r"^(max|\d{1,6}(\.\d{1,3})?x?)$"),
    doc("Pairs per second, the recorded speed times a factor (2x), or max.", 20, "2x", "max"),
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestSource:
    """Where the recorded requests are: exactly one file, its path from the root of the workspace."""

    __pydantic_config__: ClassVar = STRICT

    har: Annotated[Id | None, doc("HTTP archive, as browsers save it.", "captures/checkout.har")] = None
    ndjson: Annotated[Id | None, doc("One request per line.", "captures/orders.ndjson")] = None
    access_log: Annotated[Id | None, doc("Combined access log; GET and HEAD only.", "captures/access.log")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayTarget:
    """One side. ``headers_env`` names the variables that hold what was stripped from the recording."""

    __pydantic_config__: ClassVar = STRICT

    base_url: Annotated[Id, doc("Address that the recorded paths are put behind.", "https://legacy.shop.example/api")]
    headers_env: Annotated[
        dict[str, Id] | None,
        doc("Header and the variable of the environment that holds it.", {"Authorization": "RETAILCTL_LEGACY_AUTH"}),
    ] = None
    allow_plaintext: Annotated[bool, doc("Whether http is meant, where https is not spoken.")] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayRoute:
    """A family of requests. Methods that change something are sent only with all three allowances."""

    __pydantic_config__: ClassVar = STRICT

    method: Method = "GET"
    path: Annotated[Id, doc("Template; {name} is one segment, a last * all the rest.", "/orders/{id}")]
    allow_unsafe: Annotated[bool, doc("Send this method although it changes something.")] = False
    sandbox: Annotated[bool, doc("Both sides are copies on which nothing real depends.")] = False
    idempotency_header: Annotated[Id | None, doc("Header that tells a repetition apart.", "Idempotency-Key")] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayField:
    """One field of the answers by its generic path: how near it must be, what it is worth, whether it may be shown."""

    __pydantic_config__: ClassVar = STRICT

    path: Annotated[Id, doc("Generic path; * is one step.", "lines[].price", "customer.email")]
    compare: FieldCompare = "exact"
    tolerance: Annotated[float | None, Field(ge=0, description="Difference, ratio, or minor units (default 1).")] = None
    scale: Annotated[int, Field(ge=0, le=9, description="Decimals of a minor unit.")] = 2
    severity: Annotated[FieldSeverity | None, doc("info is shown and fails nothing.")] = None
    pii: Annotated[Pii, doc("Only what is marked none is ever shown in clear.")] = "pseudonym"


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlation:
    """An id that each side makes by itself, and where later requests carry it."""

    __pydantic_config__: ClassVar = STRICT

    path: Annotated[Id, doc("Generic path in the answer.", "order.id")]
    into: Annotated[
        Texts,
        Field(min_length=1),
        doc("path, query, query.NAME, header.NAME, body or body.PATH.", ["path", "body.order_id"]),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class NoisePlan:
    """How noise is learned: by asking legacy the same thing twice."""

    __pydantic_config__: ClassVar = STRICT

    pairs: Annotated[int, Field(ge=0, description="Most requests of a route that are asked twice; 0 is none.")] = 1000
    least: Annotated[int, Field(ge=1, description="So many pairs without a difference mean: no noise.")] = 50
    z: Annotated[float, Field(ge=1, le=10, description="What the paired test must exceed.")] = 3.0
    keep: Annotated[
        Text | None, doc("How long noise that a run has learned holds for others of the same plan.", "7d")
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedDifference:
    """A difference that somebody answers for until a day, up to a number of requests."""

    __pydantic_config__: ClassVar = STRICT

    path: Annotated[Id, doc("Generic path, or status, header NAME, or body for the whole.", "totals.tax")]
    route: Annotated[Text | None, doc("Only on this route.", "GET /orders/{id}")] = None
    reason: Id
    owner: Id
    expires: date
    max_requests: Annotated[int | None, Field(ge=0)] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpGate:
    """A limit on one figure of a replay; ``streak`` is how many days in a row it must hold."""

    __pydantic_config__: ClassVar = STRICT

    metric: HttpMetric
    route: Annotated[Text | None, doc("Only on this route.", "GET /orders/{id}")] = None
    limit: Annotated[Text, doc("Most (for ratios: least): a count of requests, or a share.", "0", "0.01%", "50ppm")]
    streak: Annotated[int, Field(ge=1, le=366)] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpPlan:
    """A replay: recorded requests, two targets, and what their answers must have in common."""

    __pydantic_config__: ClassVar = STRICT

    kind: Literal["http"]
    version: Annotated[int, Field(ge=1, le=1)] = 1
    entity: Text | None = None
    covers: Annotated[Texts, doc("Interfaces, or flows as interface:in|out:domain, that its runs prove.")] = ()
    requests: RequestSource
    legacy: ReplayTarget
    new: ReplayTarget
    allow_hosts: Annotated[Texts, Field(min_length=1), doc("Hosts that may be asked.", ["legacy.shop.example"])]
    routes: tuple[ReplayRoute, ...] | None = None
    lists: Annotated[
        dict[str, Text] | None, doc("How items are matched: keyed(FIELD), multiset or ordered.", {"lines": "keyed(no)"})
    ] = None
    ignore: Annotated[Texts | None, doc("Generic paths that are not compared.", ["meta.served_at"])] = None
    maps: Annotated[Texts | None, doc("Objects whose keys are data, not names.", ["stock_by_store"])] = None
    headers: Annotated[Texts, doc("Headers that are compared.")] = ("content-type", "location")
    fields: tuple[ReplayField, ...] | None = None
    correlate: tuple[Correlation, ...] | None = None
    noise: NoisePlan = NoisePlan()
    accepted: tuple[AcceptedDifference, ...] | None = None
    gates: tuple[HttpGate, ...] | None = None
    rate: Rate = "20"
    workers: Annotated[int, Field(ge=1, le=64)] = 4
    timeout: Annotated[float, Field(gt=0, le=600, description="Seconds for one whole answer.")] = 30.0
    max_body_kib: Annotated[int, Field(ge=1, le=262_144, description="Answers of more are not read.")] = 8_192
    max_parsed_kib: Annotated[
        int, Field(ge=1, le=262_144, description="Bodies of more are compared by their digests.")
    ] = 8_192
