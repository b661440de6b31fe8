"""Which calls go out to the network, as a table of libraries; and which methods of parents do it for others."""

from __future__ import annotations

import re
from typing import Final

VERBS: Final = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "request"})

# library -> names in it whose call opens a connection or makes the client that does
_LIBRARIES: Final[dict[str, frozenset[str]]] = {
    "requests": VERBS | {"Session", "session"},
    "requests.api": VERBS,
    "requests.sessions": frozenset({"Session", "session"}),
    "httpx": VERBS | {"stream", "Client", "AsyncClient"},
    "urllib": frozenset({"urlopen", "urlretrieve"}),
    "urllib2": frozenset({"urlopen", "build_opener"}),
    "urllib.request": frozenset({"urlopen", "urlretrieve", "build_opener", "OpenerDirector"}),
    "urllib3": frozenset(
        {"request", "PoolManager", "ProxyManager", "HTTPConnectionPool", "HTTPSConnectionPool", "connection_from_url"}
    ),
    "http.client": frozenset({"HTTPConnection", "HTTPSConnection"}),
    "httplib": frozenset({"HTTPConnection", "HTTPSConnection"}),
    "http_client": frozenset({"HTTPConnection", "HTTPSConnection"}),
    "zeep": frozenset({"Client", "AsyncClient", "CachingClient"}),
    "zeep.client": frozenset({"Client", "AsyncClient", "CachingClient"}),
    "suds": frozenset({"Client"}),
    "suds.client": frozenset({"Client"}),
    "paramiko": frozenset({"SSHClient", "Transport", "SFTPClient"}),
    "paramiko.client": frozenset({"SSHClient"}),
    "pysftp": frozenset({"Connection"}),
    "ftplib": frozenset({"FTP", "FTP_TLS"}),
    "smtplib": frozenset({"SMTP", "SMTP_SSL", "LMTP"}),
    "imaplib": frozenset({"IMAP4", "IMAP4_SSL"}),
    "poplib": frozenset({"POP3", "POP3_SSL"}),
    "xmlrpc.client": frozenset({"ServerProxy", "Server"}),
    "xmlrpclib": frozenset({"ServerProxy", "Server"}),
    "xmlrpc_client": frozenset({"ServerProxy", "Server"}),
    "socket": frozenset({"socket", "create_connection"}),
    "websocket": frozenset({"create_connection", "WebSocket", "WebSocketApp"}),
    "websockets": frozenset({"connect"}),
    "subprocess": frozenset({"run", "call", "check_call", "check_output", "Popen", "getoutput", "getstatusoutput"}),
    "os": frozenset({"system", "popen"}),
}
API: Final = frozenset(f"{library}.{name}" for library, names in _LIBRARIES.items() for name in names)

# The base modules of payment and delivery send for all providers: the consumer calls one of these.
_HELPER: Final = re.compile(r"^_(?:[a-z0-9]+_){0,6}(?:make|send)_(?:api_|http_|json_|rest_|proxy_)?request$")
IAP: Final = "iap_jsonrpc"


def is_api(dotted: str) -> bool:
    """Does a resolved name open a connection?"""
    return dotted in API


def is_helper(method: str) -> bool:
    """Is a method of that name the way in which a parent class sends: ``_send_api_request``, ``_make_request``?"""
    return _HELPER.match(method) is not None


def wants_timeout(dotted: str) -> bool:
    """Is it a call of ``requests`` that waits for ever unless it is told not to?"""
    library, _, name = dotted.rpartition(".")
    return library in ("requests", "requests.api") and name in VERBS
