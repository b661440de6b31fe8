"""Recorded requests: HTTP archives, one record per line, or combined access logs, without their secrets."""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from retailctl.model.http_exchange import HttpRequest, RecordedRequest
from retailctl.parallel.replay.strip import method_of, safe_headers, safe_target

MOST: Final = 1_000_000
_LOG: Final = re.compile(
    r"\S+ \S+ .{0,200}?\[(?P<time>[^\]]{10,40})\] "
    r'"(?P<method>[A-Z]{1,20}) (?P<url>\S{1,8000})(?: HTTP/[\d.]{1,5})?" \d{3} '
)
_MALFORMED: Final = frozenset(
    ("not JSON", "not a record", "no request", "no usable method and url", "not a line of an access log")
)
_LOG_METHODS: Final = ("GET", "HEAD")
_LOG_DAY: Final = re.compile(r"\d\d/[A-Z]")
_LOG_TIME: Final = "%d/%b/%Y:%H:%M:%S %z"


@dataclass(slots=True)
class Recording:
    """The requests of one file, and how many records of it could not be used, by reason."""

    requests: list[RecordedRequest] = field(default_factory=list)
    unusable: Counter[str] = field(default_factory=Counter)
    first: dict[str, int] = field(default_factory=dict)
    secrets: int = 0

    @property
    def is_malformed(self) -> bool:
        """Whether the file holds records, and none of them is one of a request."""
        return not self.requests and bool(self.unusable) and _MALFORMED.issuperset(self.unusable)

    def refuse(self, reason: str, line: int) -> None:
        """Count a record that cannot be used; the line of the first one is kept."""
        self.unusable[reason] += 1
        self.first.setdefault(reason, line)


def read_ndjson(lines: Iterable[bytes]) -> Recording:
    """Records ``{method, url, headers, body, timestamp, session, response}``, one per line; only ``url`` is needed."""
    made = Recording()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except (ValueError, RecursionError):
            made.refuse("not JSON", number)
            continue
        _take(made, record, number)
    return made


def read_har(document: Any) -> Recording:
    """The requests of an HTTP archive (HAR 1.2), in their order; they have no lines."""
    made = Recording()
    log = document.get("log") if isinstance(document, dict) else None
    entries = log.get("entries") if isinstance(log, dict) else None
    for entry in entries if isinstance(entries, list) else ():
        request = entry.get("request") if isinstance(entry, dict) else None
        if not isinstance(request, dict):
            made.refuse("no request", 0)
            continue
        post, response = request.get("postData"), entry.get("response")
        record = {
            "method": request.get("method"), "url": request.get("url"), "headers": request.get("headers"),
            "timestamp": entry.get("startedDateTime"), "session": entry.get("connection"),
            "body": post.get("text") if isinstance(post, dict) else None,
            "response": {"body": _content(response)} if isinstance(response, dict) else None,
        }  # fmt: skip
        _take(made, record, 0)
    return made


def _content(response: dict[str, Any]) -> Any:
    content = response.get("content")
    if not isinstance(content, dict):
        return None
    text = content.get("text")
    if content.get("encoding") != "base64" or not isinstance(text, str):
        return text
    try:
        return base64.b64decode(text, validate=True).decode("utf-8", "replace")
    except (ValueError, binascii.Error):
        return None


def read_access_log(lines: Iterable[bytes]) -> Recording:
    """GET and HEAD of a log in the combined format; what the others sent stands in no log."""
    made = Recording()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        found = _LOG.match(line.decode("utf-8", "replace"))
        if found is None:
            made.refuse("not a line of an access log", number)
        elif found["method"] not in _LOG_METHODS:
            made.refuse(f"{_shown(found['method'])}: a log has no bodies", number)
        else:
            _take(made, {"method": found["method"], "url": found["url"], "timestamp": found["time"]}, number)
    return made


def _shown(method: str) -> str:
    known = ("POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    return method if method in known else "another method"


def _take(made: Recording, record: Any, line: int) -> None:
    if len(made.requests) >= MOST:
        made.refuse(f"more than {MOST:,} requests", line)
        return
    if not isinstance(record, dict):
        made.refuse("not a record", line)
        return
    method, url = method_of(str(record.get("method") or "GET")), record.get("url")
    target = safe_target(url) if isinstance(url, str) else None
    if method is None or target is None:
        made.refuse("no usable method and url", line)
        return
    body, headers = _body(record.get("body")), _headers(record.get("headers"))
    if isinstance(record.get("body"), dict | list) and not any(name == "content-type" for name, _ in headers):
        headers = (*headers, ("content-type", "application/json"))
    session, response = record.get("session"), record.get("response")
    made.secrets += target[1]
    made.requests.append(
        RecordedRequest(
            number=len(made.requests) + 1,
            line=line,
            request=HttpRequest(method, target[0], headers, body),
            time=_time(record.get("timestamp")),
            session=str(session)[:200] if isinstance(session, str | int) else "",
            answer=_body(response.get("body")) or None if isinstance(response, dict) else None,
        )
    )


def _body(value: Any) -> bytes:
    if value is None:
        return b""
    if isinstance(value, str):
        return value.encode("utf-8", "replace")
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def _headers(value: Any) -> tuple[tuple[str, str], ...]:
    """Headers as a mapping, or as the list of name and value that archives have."""
    return safe_headers(list(_pairs(value)))


def _pairs(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        rows: Iterable[tuple[Any, Any]] = value.items()
    else:
        listed = value if isinstance(value, list) else []
        rows = ((one.get("name"), one.get("value")) for one in listed if isinstance(one, dict))
    for name, text in rows:
        if isinstance(name, str) and isinstance(text, str | int):
            yield name, str(text)


def _time(value: Any) -> float | None:
    """Seconds since the epoch, from a number of seconds or milliseconds, an ISO time, or the time of a log."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) / (1000 if value > 1e11 else 1) if abs(value) < 1e15 else None
    if not isinstance(value, str):
        return None
    try:
        if _LOG_DAY.match(value):
            return datetime.strptime(value, _LOG_TIME).astimezone(UTC).timestamp()
        made = datetime.fromisoformat(value)
        return (made if made.tzinfo else made.replace(tzinfo=UTC)).timestamp()
    except (OverflowError, ValueError):
        return None
