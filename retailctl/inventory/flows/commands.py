"""What a command line reaches: addresses in it, and the hosts of the tools that name one apart.

Cron jobs, service units and containers run commands. A script is a name only: what it does inside is not known here.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import PurePosixPath
from typing import Final

from retailctl.inventory.flows.clear_secrets import bare, in_text, is_secret
from retailctl.inventory.flows.targets import Target, target_of
from retailctl.inventory.variables import resolve

_URL: Final = re.compile(
    r"(?:https?|wss?|ftps?|sftp|amqps?|mqtts?|kafka|postgres(?:ql)?|mysql|mariadb|mssql|mongodb|smtps?)"
    r"://[^\s\"'`|;<>]+",
    re.IGNORECASE,
)
_METHOD: Final = re.compile(r"(?:^|\s)(?:-X\s?|--request[= ]|--method[= ])[\"']?([A-Za-z]{3,7})\b")
_BODY: Final = re.compile(
    r"(?:^|\s)(?:-d|--data(?:-\w+)?|--json|-F|--form(?:-string)?|--post-data|--post-file|--body-data|--body-file)"
    r"(?:[ =@'\"]|$)"
)
_UPLOAD: Final = re.compile(r"(?:^|\s)(?:-T|--upload-file)(?:[ =]|$)")
_USER: Final = re.compile(r"(?:^|\s)(?:-u\s?|--user[= ])[\"']?([^\s:\"']{1,80}):([^\s\"']{1,200})")
_HEADER: Final = re.compile(r"(?:-H\s?|--header[= ])([\"'])([A-Za-z][A-Za-z0-9-]{1,60}):\s*([^\"'\n]{1,500})\1")
_REMOTE: Final = re.compile(r"^(?:([\w.%+-]{1,64})@)?((?:[A-Za-z0-9_-]+\.)*[A-Za-z0-9_-]{2,}|\$\{?\w+\}?):(.*)$")
_LOGIN: Final = re.compile(r"^(?:([\w.%+-]{1,64})@)?((?:[A-Za-z0-9_-]+\.)*[A-Za-z0-9_-]{2,}|\$\{?\w+\}?)$")
_COPIES: Final = {"scp": "sftp", "rsync": "sftp", "sftp": "sftp", "lftp": "ftp", "ftp": "ftp", "ncftpput": "ftp"}
_DATABASES: Final = {
    "psql": "postgresql", "pg_dump": "postgresql", "pg_dumpall": "postgresql", "pg_restore": "postgresql",
    "mysql": "mysql", "mysqldump": "mysql", "mariadb": "mysql", "mariadb-dump": "mysql", "mysqlimport": "mysql",
    "sqlcmd": "mssql", "bcp": "mssql", "mongodump": "mongodb", "mongosh": "mongodb",
}  # fmt: skip
_HOST_FLAG: Final = {"mssql": ("-S",)}
_WITH_VALUE: Final = frozenset("iPFoBbJlcpSeE")
_LONGEST: Final = 8_000
_SHELLS: Final = frozenset({"sh", "bash", "ash", "dash", "zsh", "ksh"})


@dataclass(frozen=True, slots=True)
class Reached:
    """One target of a command; ``method`` of an http request, ``account`` and ``secret`` as the command has them."""

    tool: str
    target: Target
    method: str = ""
    account: str = ""
    secret: str = ""


def reached_by(command: str, variables: Mapping[str, str]) -> Iterator[Reached]:
    """Targets of a command line, in order, each once."""
    known: set[tuple[object, ...]] = set()
    for part in _parts(resolve(command[:_LONGEST], variables)):
        words = _words(part)
        tool = _tool(words)
        for one in (*_addresses(part, tool, variables), *_remotes(words, tool, variables), *_server(words, variables)):
            mark = (one.target.url, one.method)
            if mark not in known:
                known.add(mark)
                yield one


def _parts(command: str) -> Iterator[str]:
    for line in _lines(command):
        yield from re.split(r"\|\||&&|;|\|", line)


def _lines(command: str) -> list[str]:
    """The lines of a script (``sh -c`` with more than one), a quoted text over several kept whole; without comments.

    What one line says of its request, a body or a method, is nothing to the next.
    """
    if "\n" not in command:
        return [command]
    words = _words(command)
    script = [word for word in words if "\n" in word]
    if script and _names(words) & _SHELLS:
        command = "\n".join([shlex.join(word for word in words if "\n" not in word), *script])
    lines, open_quote = [""], ""
    for line in command.replace("\\\n", " ").split("\n"):
        if not open_quote and line.lstrip().startswith("#"):
            continue
        for sign in line:
            if sign in "\"'" and open_quote in ("", sign):
                open_quote = "" if open_quote else sign
        lines[-1] += line + (" " if open_quote else "")
        if not open_quote:
            lines.append("")
    return [line for line in lines if line.strip()]


def secrets_of(command: str) -> Iterator[tuple[str, str]]:
    """(name or account, secret) of what a command line holds in clear, each once."""
    text = command[:_LONGEST]
    known: set[str] = set()
    pairs = [(account, secret) for account, secret in _USER.findall(text) if is_secret("password", secret)]
    pairs += [(name, bare(value)) for _, name, value in _HEADER.findall(text) if is_secret(name, value.strip())]
    words = _words(text)
    for word, after in zip_longest(words, words[1:], fillvalue=""):
        name, equals, value = word.lstrip("-").partition("=")
        if equals and is_secret(name, value):
            pairs.append((name, value))
        elif word.startswith("--") and not equals and is_secret(name, after):
            pairs.append((name, after))
        elif re.match(r"^-p[^\s=]{4,}$", word) and {"mysql", "mysqldump", "mariadb", "sshpass"} & _names(words):
            pairs.append(("password", word[2:]))
    for found in _URL.finditer(text):
        target = target_of(found[0], {})
        pairs += target.secrets if target is not None else ()
    for name, secret in (*pairs, *in_text(text)):
        if secret not in known and is_secret("password", secret):
            known.add(secret)
            yield name or "token", secret


def without_secrets(command: str) -> str:
    """The command with its secrets masked, as it may be shown and digested."""
    found = sorted({secret for _, secret in secrets_of(command)}, key=lambda secret: (-len(secret), secret))
    for secret in found:
        command = command.replace(secret, "***")
    return command


def method_of(part: str) -> str:
    """The method of a curl or wget command: as it says, else POST with a body, PUT with a file, GET."""
    found = _METHOD.search(part)
    if found is not None:
        return found[1].upper()
    if re.search(r"(?:^|\s)(?:-I|--head)(?:\s|$)", part):
        return "HEAD"
    if re.search(r"(?:^|\s)(?:-G|--get)(?:\s|$)", part):
        return "GET"
    return "POST" if _BODY.search(part) else "PUT" if _UPLOAD.search(part) else "GET"


def _words(part: str) -> list[str]:
    try:
        return shlex.split(part, comments=False)
    except ValueError:
        return part.split()


def _names(words: list[str]) -> set[str]:
    return {PurePosixPath(word).name for word in words}


def _tool(words: list[str]) -> str:
    tools = (*_COPIES, *_DATABASES, "curl", "wget", "http", "https")
    return next((name for word in words if (name := PurePosixPath(word).name) in tools), "")


def _addresses(part: str, tool: str, variables: Mapping[str, str]) -> Iterator[Reached]:
    pairs = [
        *_USER.findall(part),
        *((name, bare(value)) for _, name, value in _HEADER.findall(part) if is_secret(name, value.strip())),
    ]
    account, secret = pairs[0] if pairs else ("", "")
    for found in _URL.finditer(part):
        target = target_of(found[0].rstrip(",.)"), variables)
        if target is not None:
            http = target.url.scheme in ("http", "https")
            method = method_of(part) if http and tool in ("curl", "wget") else ""
            yield Reached(tool, target, method, account, secret if is_secret("password", secret) else "")


def _remotes(words: list[str], tool: str, variables: Mapping[str, str]) -> Iterator[Reached]:
    """``user@host:path`` of scp, rsync and sftp; ``user@host`` of sftp alone."""
    if tool not in _COPIES:
        return
    names = [PurePosixPath(word).name for word in words]
    skip = False
    for word in words[names.index(tool) + 1 :]:
        if skip or word.startswith("-"):
            skip = not skip and len(word) == 2 and word[1] in _WITH_VALUE
            continue
        if "://" in word:
            continue
        found = _REMOTE.match(word) or (_LOGIN.match(word) if tool in ("sftp", "ftp", "lftp") else None)
        if found is None:
            continue
        path = found[3] if found.re is _REMOTE else ""
        target = target_of(f"{_COPIES[tool]}://{found[2]}/{_folder(path).lstrip('/')}", variables)
        if target is not None:
            yield Reached(tool, target, account=found[1] or "")


def _folder(path: str) -> str:
    """The directory of a remote path: a name with an ending or a pattern at its end is a file."""
    head, _, last = path.rpartition("/")
    return head if "." in last or "*" in last else path


def _server(words: list[str], variables: Mapping[str, str]) -> Iterator[Reached]:
    names = [PurePosixPath(word).name for word in words]
    tool = next((name for name in names if name in _DATABASES), "")
    if not tool or any("://" in word for word in words):
        return
    rest = words[names.index(tool) + 1 :]
    scheme = _DATABASES[tool]
    host = _flag(rest, *_HOST_FLAG.get(scheme, ("-h", "--host")))
    if not host or host.startswith(("/", "-")):
        return  # a local socket: no other side is named
    database = _flag(rest, "-d", "--dbname", "--database")
    target = target_of(f"{scheme}://{host}/{database}", variables)
    if target is not None:
        account = _flag(rest, "-U", "-u", "--username", "--user")
        yield Reached(tool, target, account=account)


def _flag(words: list[str], *flags: str) -> str:
    for word, after in zip_longest(words, words[1:], fillvalue=""):
        for flag in flags:
            if word == flag:
                return after
            if flag.startswith("--") and word.startswith(f"{flag}="):
                return word[len(flag) + 1 :]
            if not flag.startswith("--") and word.startswith(flag) and len(word) > 2 and not word.startswith("--"):
                return word[2:]
    return ""
