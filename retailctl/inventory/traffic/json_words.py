"""Names that JSON logs use for the parts of a request, best first. Nested names are dotted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

Words = Mapping[str, tuple[str, ...]]

_METHOD: Final = ("method", "request_method", "http_method", "httpMethod", "requestMethod", "RequestMethod", "verb")
_PATH: Final = ("uri", "request_uri", "path", "request_path", "requestPath", "RequestPath", "uri_path", "resourcePath", "url", "request_url", "target")  # fmt: skip  # noqa: E501
_STATUS: Final = ("status", "status_code", "statusCode", "response_code", "response_status", "responseStatus", "DownstreamStatus", "OriginStatus", "code", "sc_status")  # fmt: skip  # noqa: E501
_AGENT: Final = ("http_user_agent", "user_agent", "userAgent", "useragent", "agent", "http_agent", "request_User-Agent", "browser")  # fmt: skip  # noqa: E501
_CLIENT: Final = ("remote_addr", "client_ip", "clientip", "clientIp", "remote_ip", "remoteIp", "ClientHost", "remote_host", "client_addr", "client_address", "downstream_remote_address", "source_ip", "sourceIp", "client", "ip", "remote", "ClientAddr")  # fmt: skip  # noqa: E501
_TIME: Final = ("time_iso8601", "time_local", "@timestamp", "timestamp", "time", "datetime", "date", "requestTime", "start_time", "StartLocal", "StartUTC", "ts", "msec", "started_at", "time_unix", "requestTimeEpoch")  # fmt: skip  # noqa: E501
_HOST: Final = ("http_host", "vhost", "virtual_host", "authority", ":authority", "RequestHost", "server_name", "domainName", "host")  # fmt: skip  # noqa: E501
_USER: Final = ("remote_user", "auth_user", "username", "ClientUsername", "authenticated_userid", "user_id", "user", "consumer")  # fmt: skip  # noqa: E501

# One request per line: nginx, Apache, Envoy, Traefik, Caddy, gateways of clouds, and the Elastic common schema.
ACCESS: Final[Words] = {
    "line": ("request", "request_line", "requestLine", "http_request"),
    "method": (*_METHOD, "request.method", "http.request.method", "http.method", "httpRequest.requestMethod"),
    "path": (
        *_PATH,
        "request.uri",
        "request.path",
        "request.url",
        "url.path",
        "url.original",
        "http.request.uri",
        "http.url",
        "http.target",
        "httpRequest.requestUrl",
    ),
    "status": (
        *_STATUS,
        "response.status",
        "response.status_code",
        "http.response.status_code",
        "http.status_code",
        "httpRequest.status",
    ),
    "agent": (
        *_AGENT,
        "user_agent.original",
        "request.headers.user-agent",
        "request.headers.User-Agent",
        "headers.user-agent",
        "http.user_agent",
        "http.useragent",
        "httpRequest.userAgent",
    ),
    "client": (
        *_CLIENT,
        "request.client_ip",
        "request.remote_ip",
        "request.remote_addr",
        "client.ip",
        "client.address",
        "source.ip",
        "source.address",
        "http.client_ip",
        "network.client.ip",
        "httpRequest.remoteIp",
        "identity.sourceIp",
    ),
    "time": _TIME,
    "host": (
        *_HOST,
        "request.host",
        "request.headers.host",
        "request.headers.Host",
        "url.domain",
        "http.host",
        "http.request.host",
    ),
    "user": (*_USER, "user.name", "user.id", "identity.user", "request.user", "consumer.username"),
}

# What a gateway logs of a call: Kong's http-log, file-log and tcp-log, and those that took over its shape.
GATEWAY: Final[Words] = {
    "line": (),
    "method": ("request.method",),
    "path": ("request.uri", "request.url", "upstream_uri"),
    "status": ("response.status",),
    "agent": ("request.headers.user-agent", "request.headers.User-Agent"),
    "client": ("client_ip", "request.client_ip"),
    "time": ("started_at", "time", "timestamp"),
    "host": ("request.headers.host", "request.headers.Host", "request.host"),
    "user": ("consumer.username", "consumer.custom_id", "authenticated_entity.consumer.username", "consumer.id"),
    "upstream": ("upstream_uri",),
    "server": ("service.host",),
    "service": ("service.name",),
}
