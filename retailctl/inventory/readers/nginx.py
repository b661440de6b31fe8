"""nginx as sightings: what it hands on to whom.

* interface: one per location that passes on (``proxy_pass``, ``grpc_pass``, ``fastcgi_pass``, ``uwsgi_pass``,
  ``scgi_pass``). The provider is the host behind it: the only server of an ``upstream``, else its name; of a socket on
  the same machine the name of the server. The address is what the provider sees (``gateway_paths``). Locations that
  only serve files or redirect are none.
* system: the hosts; servers of ``stream`` blocks are systems with a port. credential: a secret in a header that nginx
  adds. Consumers: none, the file does not know who calls.
* figures: ``server_names``, ``listen``, ``tls``, ``plugins`` (limits and authentication in force, as nginx inherits
  them), ``upstream``, ``match``.
* ``include`` is not followed. Where one stands in a server, what is in force is not known and ``plugins`` is left out;
  where one brings in servers, there is no coverage.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.found_secrets import credential, holds_secret
from retailctl.inventory.gateway_paths import at_provider, reached, templates_of, version_in
from retailctl.inventory.guarding import guarded
from retailctl.inventory.loose import covered, refused
from retailctl.inventory.nginx_blocks import Directive, NotNginx, parse
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.inventory.urls import url_of
from retailctl.inventory.variables import resolve
from retailctl.model.interface_key import HttpKey
from retailctl.model.seen import Seen
from retailctl.workspace import input_codes as codes

_KIND: Final = "nginx configuration"
_PASSES: Final = {
    "proxy_pass": "http", "grpc_pass": "grpc", "fastcgi_pass": "fastcgi", "uwsgi_pass": "uwsgi", "scgi_pass": "scgi",
}  # fmt: skip
_PLUGINS: Final = ("limit_req", "limit_conn", "auth_basic", "auth_request", "auth_jwt", "modsecurity", "deny")
_REQUEST: Final = re.compile(r"\$(?:request_uri|uri|document_uri|is_args|args|query_string|\d)\b")
_LINES: Final = re.compile(
    r"^\s*(?:server\s*\{|upstream\s+\S+\s*\{|location\s+[^{]+\{|(?:proxy|fastcgi|uwsgi|grpc)_pass\s)", re.MULTILINE
)
_HARMLESS: Final = re.compile(r"mime\.types|fastcgi(?:_params|\.conf)|uwsgi_params|scgi_params|proxy_params|modules-enabled|ssl|letsencrypt")  # fmt: skip  # noqa: E501


def _detect(artefact: Artefact) -> float:
    if b"{" not in artefact.head or artefact.head.lstrip()[:1] in (b"{", b"[", b"<"):
        return 0.0
    found = {part.split()[0].rstrip("{") for part in _LINES.findall(artefact.head.decode("utf-8", "replace"))}
    known = artefact.name == "nginx.conf" or "nginx" in artefact.path or "sites-" in artefact.path
    if not found:
        return 0.55 if artefact.name == "nginx.conf" else 0.0
    plain = artefact.suffix in (".conf", "", ".vhost", ".template", ".nginx", ".tmpl", ".j2")
    return 0.95 if known else 0.7 if plain and (len(found) > 1 or "server" in found) else 0.4


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    try:
        root = parse(artefact.text)
    except NotNginx as error:
        raise artefact.error(
            codes.SYNTAX, f"is no {_KIND}: {error.reason}", error.line, hint="see `nginx -t`"
        ) from None
    if not any(one.block is not None or one.name in ("include", *_PASSES) for one in root.block or ()):
        raise refused(artefact, _KIND, "it has no server, location or upstream")
    machine = _Machine(artefact, reading, root)
    for server in machine.servers:
        yield from machine.server(server)
    if machine.servers and not machine.includes:
        yield covered("nginx", reading.system or artefact.path, reading)


def _below(directive: Directive, *names: str) -> Iterator[Directive]:
    """Directives of these names at any depth, not inside one another."""
    for one in directive.block or ():
        if one.name in names:
            yield one
        elif one.block is not None:
            yield from _below(one, *names)


class _Machine:
    """One file, and what its servers share."""

    def __init__(self, artefact: Artefact, reading: Reading, root: Directive) -> None:
        self.artefact, self.reading = artefact, reading
        self.upstreams = {
            one.arguments[0]: [server.arguments[0] for server in one.all("server") if server.arguments]
            for one in _below(root, "upstream")
            if one.arguments
        }
        self.servers = [one for one in _below(root, "server") if one.block is not None] or [root]
        includes = [one for level in (root, *_below(root, "http")) for one in level.all("include")]
        self.includes = [one for one in includes if not _HARMLESS.search(" ".join(one.arguments))]

    def server(self, server: Directive) -> Iterator[Seen]:
        """What one server passes on."""
        if self._is_stream(server):
            for one in server.all("proxy_pass"):
                if one.arguments:
                    yield self._stream(server, one)
            return
        asked = _asked_from(server)
        for passed in _below(server, *_PASSES):
            if passed.arguments:
                yield from self._passed(server, passed, asked)
        for header in _below(server, "proxy_set_header", "add_header", "uwsgi_param", "fastcgi_param"):
            yield from self._header(header)

    @staticmethod
    def _is_stream(server: Directive) -> bool:
        return server.parent is not None and server.parent.name == "stream"

    def _stream(self, server: Directive, passed: Directive) -> Seen:
        provider, _, _ = self._target(f"tcp://{passed.arguments[0]}", server)
        listen = [" ".join(one.arguments) for one in server.all("listen")]
        return Seen(
            source="nginx", ref=self.artefact.ref(passed.line), kind="system", at=self.reading.as_of, name=provider,
            environment=self.reading.environment, figures={"listen": listen, "upstream": passed.arguments[0]},
        )  # fmt: skip

    def _passed(self, server: Directive, passed: Directive, asked: dict[str, str]) -> Iterator[Seen]:
        location = _location(passed)
        if location is None and server.name and passed.parent is not server:
            return
        words = location.arguments if location is not None else ()
        modifier = words[0] if len(words) > 1 else ""
        public = words[-1] if words else "/"
        if public.startswith("@"):
            public = asked.get(public, "/")
        matched = templates_of(public) if modifier in ("~", "~*") else [(public, True)]
        names = [name for one in server.all("server_name") for name in one.arguments if name not in ("_", "")]
        target = _REQUEST.sub("", self._known(passed.arguments[0], passed))
        provider, path, scheme = self._target(target, server)
        provider = provider or self.reading.system or next(iter(names), "localhost")
        replaces = passed.name == "proxy_pass" and path is not None and modifier not in ("~", "~*")
        listen = [" ".join(one.arguments) for one in server.all("listen")]
        secure = any("ssl" in one.split() or "443" in re.split(r"[\s:]", one) for one in listen)
        figures: dict[str, Any] = {
            "server_names": names,
            "listen": listen,
            "tls": secure or any(one.arguments[:1] == ("on",) for one in server.all("ssl")),
            "gateway_path": words[-1] if words else "/",
            "match": {"=": "exact", "~": "regex", "~*": "regex"}.get(modifier, "prefix"),
            "prefix": "" if modifier in ("=", "~", "~*") else reached(public, path or "", strips=replaces),
            "upstream": f"{scheme}://{provider}{path or ''}",
            "pass": _PASSES[passed.name],
        }
        if not any(True for one in (location or server, server) for _ in one.all("include")):
            figures["plugins"] = _plugins(passed)
        for one, exact in matched:
            address = at_provider(one, path or "", strips=True) if replaces else at_provider(one, "", strips=False)
            yield Seen(
                source="nginx",
                ref=self.artefact.ref(passed.line),
                at=self.reading.as_of,
                key=HttpKey(protocol="http", provider=provider, address=address, version=version_in(address)),
                provider=provider,
                environment=self.reading.environment,
                figures={name: value for name, value in figures.items() if value not in ("", []) or name == "plugins"},
                confidence=1.0 if exact else 0.7,
            )

    def _known(self, text: str, at: Directive) -> str:
        """The address with variables that ``set`` gives in a block around it, and those the user gives."""
        level: Directive | None = at.parent
        known: dict[str, str] = {}
        while level is not None:
            for one in level.all("set"):
                if len(one.arguments) == 2:
                    known.setdefault(one.arguments[0].lstrip("$"), one.arguments[1])
            level = level.parent
        return resolve(text, {**known, **self.reading.variables})

    def _target(self, text: str, server: Directive) -> tuple[str, str | None, str]:
        """(host, path or None, scheme) of what is passed to."""
        address = text if "://" in text else f"http://{text}"
        if "//unix:" in address or address.startswith("unix:"):
            return "", None, "unix"
        url = url_of(address)
        if url is None:
            return text, None, "http"
        servers = self.upstreams.get(url.host)
        path = url.path or None
        if servers is None:
            return url.name, path, url.scheme
        hosts = {found.name for one in servers if (found := url_of(f"{url.scheme}://{one}")) is not None}
        sockets = servers and all(one.startswith("unix:") for one in servers)
        return ("" if sockets else hosts.pop() if len(hosts) == 1 else url.host), path, url.scheme

    def _header(self, header: Directive) -> Iterator[Seen]:
        if len(header.arguments) < 2:
            return
        name, value = header.arguments[0], header.arguments[1]
        if name.lower() == "authorization" or holds_secret(name):
            value = re.sub(r"^(?:basic|bearer|token)\s+", "", value, flags=re.IGNORECASE)
            ref = self.artefact.ref(header.line)
            yield from credential(self.reading, "nginx", ref, f"{self.artefact.name} {name}", value, setting=name)


def _location(directive: Directive) -> Directive | None:
    level = directive.parent
    while level is not None and level.name != "location":
        level = level.parent
    return level


def _asked_from(server: Directive) -> dict[str, str]:
    """Named locations with the path of the first location that hands on to them."""
    found: dict[str, str] = {}
    for one in _below(server, "location"):
        for handed in one.all("try_files", "error_page"):
            for name in handed.arguments:
                if name.startswith("@"):
                    found.setdefault(name, one.arguments[-1] if one.arguments else "/")
    return found


def _plugins(directive: Directive) -> list[str]:
    parent = directive.parent or directive
    found = set()
    for name in _PLUGINS:
        inherited = parent.nearest(name)
        if inherited and not any(one.arguments[:1] == ("off",) for one in inherited):
            found.add("ip-restriction" if name == "deny" else name)
    return sorted(found)


READER = Reader("nginx", "nginx configuration", _detect, guarded(_read))
