"""Paths of requests as templates, by the shape of their segments; and paths that are a secret themselves."""

from __future__ import annotations

import re
from typing import Final

_ID: Final = re.compile(
    r"^(?:\d+|[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|[0-9a-fA-F]{16,}|"
    r"(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{20,}|\d{4}-\d{2}-\d{2}(?:T[\d:.Z+-]+)?|[^@/]+@[^@/]+\.[A-Za-z]+|"
    r"[A-Za-z]{1,6}[-_/]?\d{3,}(?:[-_]\d+)*|[^/]*%[0-9A-F]{2}[^/]*)$"
)
_RANDOM: Final = re.compile(
    r"^(?:[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}|[0-9a-fA-F]{24,}|"
    r"(?=[A-Za-z_-]*\d)[A-Za-z0-9_-]{24,})$"
)
_VERSION: Final = re.compile(r"^v\d+(?:\.\d+)*$", re.IGNORECASE)
# Hosts whose path is the key to a mailbox: whoever has the address may write. Group 1 stays, group 2 is the secret.
_SECRET_PATHS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = (
    ("hooks.slack.com", re.compile(r"^(/(?:services|workflows|triggers)/)(.+)$")),
    ("discord.com", re.compile(r"^(/api/(?:v\d+/)?webhooks/)(.+)$")),
    ("discordapp.com", re.compile(r"^(/api/(?:v\d+/)?webhooks/)(.+)$")),
    ("api.telegram.org", re.compile(r"^(/(?:file/)?bot)([^/]+)")),
    ("webhook.office.com", re.compile(r"^(/webhookb2/)(.+)$")),
    ("outlook.office.com", re.compile(r"^(/webhook/)(.+)$")),
    ("hooks.zapier.com", re.compile(r"^(/hooks/(?:catch/)?)(.+)$")),
    ("hook.integromat.com", re.compile(r"^(/)(.+)$")),
    ("make.com", re.compile(r"^(/)([a-z0-9]{20,}.*)$")),
    ("maker.ifttt.com", re.compile(r"(/with/key/)([^/]+)")),
    ("webhook.site", re.compile(r"^(/)(.+)$")),
)
_SYMBOLIC: Final = re.compile(r"(?:/?(?:\{[^{}/]*\}|\*\*\*))+")
_END: Final = re.compile(r"[\s\"'`<>|;]")
MASKED: Final = "***"


def template_of(path: str) -> str:
    """``/orders/4711/lines`` -> ``/orders/{id}/lines``: numbers, UUIDs, dates, tokens and numbered names are ids."""
    segments = (
        "{id}" if _ID.match(segment) and not _VERSION.match(segment) else segment for segment in path.split("/")
    )
    return "/".join(segments)


def split_secret(host: str, path: str) -> tuple[str, str]:
    """The path without the part that is a secret, and that part; the latter is empty for nearly every host."""
    name = host.lower().partition(":")[0]
    for known, pattern in _SECRET_PATHS:
        if name == known or name.endswith(f".{known}"):
            found = pattern.search(path)
            if found is not None and not _SYMBOLIC.fullmatch(found[2]):
                return f"{path[: found.start(2)]}{MASKED}{path[found.end(2) :]}", found[2]
    return path, ""


def mask_secret_paths(text: str) -> str:
    """A free text with the secret of every such path masked, wherever it stands."""
    for known, _ in _SECRET_PATHS:
        head, found, rest = text.partition(known)
        if found:
            end = _END.search(rest)
            path, tail = (rest[: end.start()], rest[end.start() :]) if end else (rest, "")
            text = f"{head}{found}{split_secret(known, path)[0]}{tail}"
    return text


def random_segments(path: str) -> list[str]:
    """Segments that nobody could guess: of a webhook without authentication they are its only secret."""
    return [segment for segment in path.split("/") if _RANDOM.match(segment)]
