"""Edges from environment variables: whom a container talks to, as far as its settings name addresses.

``ERP_URL=http://odoo:8069``, ``CART_ADDR=cart:7070``, ``DB_HOST`` with ``DB_PORT`` and ``DB_NAME``, connection strings.
Left out: where telemetry goes (no business edge), what a container says of itself (its own address, allowed origins),
proxies, and loopback.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from retailctl.inventory.flows.clear_secrets import is_secret
from retailctl.inventory.flows.notes import Place
from retailctl.inventory.flows.targets import Target, target_of

_TELEMETRY: Final = re.compile(
    r"(?:^|_)(?:OTEL|OTLP|OPENTELEMETRY|TELEMETRY|JAEGER|ZIPKIN|TRACING|TRACES?|SPAN|DD|DATADOG|NEW_?RELIC|SENTRY|BUGSNAG|"
    r"ROLLBAR|PROMETHEUS|PUSHGATEWAY|METRICS?|STATSD|GRAFANA|LOKI|TEMPO|FLUENT(?:D|BIT)?|LOGSTASH|GELF|GRAYLOG|SYSLOG|"
    r"ELASTIC_APM|APM|PYROSCOPE|COLLECTOR|HONEYCOMB|SPLUNK|LOG(?:GING|S)?)(?:_|$)",
    re.IGNORECASE,
)
# What a container says of itself, or of who may call it; and proxies, which are the way and not the goal.
_OWN: Final = re.compile(
    r"^(?:HOSTNAME|(?:APP_|SERVER_|HTTP_|LISTEN_|WEB_)?(?:BIND|LISTEN)\w*|(?:APP|SITE|BASE|ROOT|PUBLIC|FRONTEND|WEB)_?(?:URL|URI|HOST)|"
    r"DOMAIN\w*|SERVER_(?:NAME|HOST|ADDRESS)|VIRTUAL_HOST|LETSENCRYPT_HOST|N8N_HOST|WEBHOOK_URL|\w*_?PROXY|\w*LISTENERS\w*)$|"
    r"(?:^|_)(?:ADVERTISED|CORS|ORIGINS?|REDIRECT|CALLBACK|ALLOWED|EXTERNAL|PUBLIC|SELF|BIND|TRUSTED|WHITELIST|ALLOWLIST)(?:_|$)",
    re.IGNORECASE,
)
ENDS: Final = re.compile(
    r"(?:^|_)(ADDR(?:ESS(?:ES)?)?|ENDPOINTS?|URLS?|URIS?|DSN|HOSTS?|HOSTNAME|SERVERS?|BROKERS?|SERVICE|UPSTREAM|NODES?|"
    r"CONNECT|CONNECTION(?:_?STRING)?|CONTACT_POINTS|API|BASE)$",
    re.IGNORECASE,
)
_WORDS: Final = (
    ("postgresql", r"POSTGRES\w*|PG|PGSQL"),
    ("mysql", r"MYSQL|MARIADB"),
    ("mssql", r"MSSQL|SQLSERVER"),
    ("mongodb", r"MONGO\w*"),
    ("amqp", r"RABBIT\w*|AMQP"),
    ("kafka", r"KAFKA|BOOTSTRAP"),
    ("mqtt", r"MQTT|MOSQUITTO"),
    ("smtp", r"SMTP|MAIL|MAILER"),
    ("sftp", r"SFTP"),
    ("ftp", r"FTP"),
    ("redis", r"REDIS|VALKEY"),
)
_BY_WORD: Final = tuple((scheme, re.compile(rf"(?:^|_)(?:{words})(?:_|$)", re.IGNORECASE)) for scheme, words in _WORDS)
_BY_PORT: Final = {
    "5432": "postgresql", "3306": "mysql", "1433": "mssql", "27017": "mongodb", "5672": "amqp", "5671": "amqps",
    "9092": "kafka", "1883": "mqtt", "8883": "mqtts", "25": "smtp", "587": "smtp", "465": "smtps", "22": "sftp",
    "6379": "redis", "443": "https", "80": "http",
}  # fmt: skip
_PLACE: Final = re.compile(r"^([A-Za-z0-9](?:[\w.-]{0,251}\w)?|\$\{?\w+\}?)(?::(\d{1,5}))?(/[^\s]*)?$")
_LOOPBACK: Final = re.compile(r"^(?:localhost|127(?:\.\d+){3}|0\.0\.0\.0|::1?|[*+])$", re.IGNORECASE)
_STRING: Final = re.compile(r"(?:^|;)\s*(?:Server|Data Source|Host|Address|Addr)\s*=\s*(?:tcp:)?([\w.-]+)(?:[,:](\d{1,5}))?", re.IGNORECASE)  # fmt: skip  # noqa: E501
_CATALOGUE: Final = re.compile(r"(?:^|;)\s*(?:Database|Initial Catalog)\s*=\s*([\w.-]+)", re.IGNORECASE)
_PASSWORD: Final = re.compile(r"(?:^|;)\s*(?:Password|Pwd)\s*=\s*([^;]+)", re.IGNORECASE)
_USER: Final = re.compile(r"(?:^|;)\s*(?:User(?: ?Id|name)?|Uid)\s*=\s*([^;]+)", re.IGNORECASE)
_WORD: Final = re.compile(
    r"^(?:true|false|yes|no|on|off|none|null|auto|default|\d+(?:\.\d+)?[a-z]{0,2})$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Environment:
    """Variables of one container: ``values`` as far as they are known, ``places`` in the file by name, ``named`` the
    credential that a variable is filled from (``erp-db/password``), ``unknown`` names whose value stands elsewhere."""

    values: Mapping[str, str]
    places: Mapping[str, Place]
    named: Mapping[str, str]
    unknown: frozenset[str] = frozenset()

    @property
    def telemetry(self) -> list[str]:
        """Names of variables that say where telemetry goes."""
        known = {*self.values, *self.unknown}
        return sorted(name for name in known if _TELEMETRY.search(name) and ENDS.search(name))

    def namesakes(self, local: Callable[[str], str]) -> Iterator[tuple[str, str]]:
        """(variable, service) of variables without a value that are named after a service: ``CART_ADDR`` and cart."""
        for name in sorted(self.unknown):
            ends = ENDS.search(name)
            if ends is None or _TELEMETRY.search(name) or _OWN.search(name):
                continue
            stem = name[: ends.start(1)].strip("_").lower()
            forms = (
                stem,
                stem.replace("_", "-"),
                stem.replace("_", ""),
                stem.removesuffix("_service").replace("_", "-"),
            )
            service = next((found for form in forms if form and (found := local(form))), "")
            if service:
                yield name, service


@dataclass(frozen=True, slots=True)
class Edge:
    """One address in one variable. ``scheme`` is empty where neither variable nor port tells the wire."""

    variable: str
    target: Target
    scheme: str
    user: str = ""
    secret: str = ""


def edges_of(
    environment: Environment, variables: Mapping[str, str], wire: Callable[[str], str] = lambda _: ""
) -> Iterator[Edge]:
    """Addresses in variables, in order of their names; ``variables`` fill ``${NAME}`` in them, ``wire``
    tells the scheme that a host speaks where neither name nor port does."""
    for name in sorted(environment.values):
        value = environment.values[name].strip()
        if not value or _TELEMETRY.search(name) or _OWN.search(name) or _WORD.match(value):
            continue
        edge = _edge(name, value, environment.values, variables, wire)
        if edge is not None and not is_loopback(edge.target.url.host):
            yield edge


def _edge(
    name: str, value: str, values: Mapping[str, str], variables: Mapping[str, str], wire: Callable[[str], str]
) -> Edge | None:
    ends = ENDS.search(name)
    if "://" in value:
        target = target_of(re.split(r"\s|,http", value, maxsplit=1)[0], variables)
        if target is not None and re.match(r"^(?:https?|[a-z][a-z0-9+.-]*)$", target.url.scheme):
            return Edge(name, target, target.url.scheme) if ends or is_address(value) else None
        return None
    stringed = _STRING.search(value) if ";" in value else None
    if stringed is not None:
        return _connection_string(name, value, stringed, variables)
    found = _PLACE.match(value.partition(",")[0].strip()) if ends else None
    if found is None or ends is None:
        return None
    host, port, path = found[1], found[2] or "", found[3] or ""
    stem = name[: ends.start(1)]
    if not port:
        port = next((told for end in ("PORT", "port") if (told := values.get(stem + end, "")).isdigit()), "")
    plain = ends[1].upper() in ("API", "BASE", "SERVICE", "CONNECT", "NODE", "NODES")
    if plain and not port and "." not in host:
        return None  # a word that could mean anything
    scheme = _scheme(name, port) or wire(host)
    database = next((values[stem + end] for end in ("NAME", "DB", "DATABASE", "DBNAME") if values.get(stem + end)), "")
    rest = path or (f"/{database}" if scheme in ("postgresql", "mysql", "mssql", "mongodb") and database else "")
    target = target_of(f"{scheme or 'tcp'}://{host}{f':{port}' if port else ''}{rest}", variables)
    return Edge(name, target, scheme) if target is not None else None


def wire_of_image(image: str) -> str:
    """The scheme that a well-known image speaks: ``postgres:16`` is postgresql; empty for every other image."""
    name = re.sub(r"[^A-Za-z0-9]", "_", image.rpartition("/")[2].partition(":")[0].partition("@")[0])
    if re.search(r"(?i)ui|admin|export|express|manager|connect|backup|proxy", name):
        return ""
    return _scheme(re.sub(r"(?i)^(?:bitnami|cp)_", "", name), "")


def is_loopback(host: str) -> bool:
    """Is it the machine itself?"""
    return _LOOPBACK.match(host) is not None


def is_address(value: str) -> bool:
    """Is the whole value one address, and not a text that holds one?"""
    return re.match(r"^[a-z][a-z0-9+.:-]{1,30}://\S+$", value, re.IGNORECASE) is not None


def _connection_string(name: str, value: str, found: re.Match[str], variables: Mapping[str, str]) -> Edge | None:
    catalogue, password, user = _CATALOGUE.search(value), _PASSWORD.search(value), _USER.search(value)
    port = found[2] or next(iter(re.findall(r"(?i)(?:^|;)\s*Port\s*=\s*(\d{1,5})", value)), "")
    scheme = _scheme(name, port) or ("mssql" if re.search(r"(?i)Initial Catalog|Data Source|tcp:", value) else "")
    database = f"/{catalogue[1]}" if catalogue else ""
    target = target_of(f"{scheme or 'tcp'}://{found[1]}{f':{port}' if port else ''}{database}", variables)
    if target is None:
        return None
    secret = password[1].strip() if password and is_secret("password", password[1].strip()) else ""
    return Edge(name, target, scheme, user[1].strip() if user else "", secret)


def _scheme(name: str, port: str) -> str:
    told = next((scheme for scheme, words in _BY_WORD if words.search(name)), "")
    return told or _BY_PORT.get(port, "")
