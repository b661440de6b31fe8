"""Programs that move files: rclone and WinSCP (sections), scripts of lftp, sftp and WinSCP, and their servers.

rclone: remotes of type sftp and ftp. WinSCP: stored sessions. Scripts: ``open`` lines with the folders and masks of
the ``get``, ``put``, ``mirror`` and ``synchronize`` lines that follow. sshd: ``Match`` blocks of ``internal-sftp``.
vsftpd: the folder that it serves. Obscured and encoded passwords are secrets all the same.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final
from urllib.parse import unquote

from retailctl.inventory.drops.drop import PROTOCOLS, Drop, drop_of, host_of
from retailctl.inventory.loose import number
from retailctl.inventory.urls import url_of

_SECTION: Final = re.compile(r"^\[(.{1,200})\]\s*$")
_READS: Final = frozenset({"get", "mget", "mirror", "pget"})
_WRITES: Final = frozenset({"put", "mput"})
_OPENS: Final = re.compile(r"\bopen\b[^\n;]{0,500}?(?:s?ftps?|scp|ftpes)://|\blftp\b", re.IGNORECASE)
_VSFTPD: Final = r"^(?:local_root|anon_root|anonymous_enable|local_enable)="
_WINSCP: Final = {"0": "scp", "1": "sftp", "2": "sftp", "5": "ftp"}


def is_sections(head: str) -> bool:
    """Remotes of rclone, or sessions of WinSCP?"""
    if re.search(r"^\[Sessions\\", head, re.MULTILINE) and "HostName=" in head:
        return True
    return bool(
        re.search(r"^\s*type\s*=\s*(?:sftp|ftp)\s*$", head, re.MULTILINE)
        and re.search(r"^\s*host\s*=", head, re.MULTILINE)
    )


def from_sections(lines: list[str]) -> Iterator[Drop]:
    """Drops of a file of sections with ``name = value`` lines."""
    name, line, values = "", 0, dict[str, str]()
    for count, written in enumerate([*lines, "[end]"], 1):
        found = _SECTION.match(written.strip())
        if found is None:
            key, equals, value = written.partition("=")
            if equals and not key.lstrip().startswith(("#", ";")):
                values[key.strip().lower()] = value.strip()
            continue
        yield from _section(name, line, values)
        name, line, values = found[1], count, {}


def _section(name: str, line: int, values: dict[str, str]) -> Iterator[Drop]:
    kind, host = values.get("type", ""), values.get("host", "") or values.get("hostname", "")
    if name.lower().startswith("sessions\\"):
        kind = _WINSCP.get(values.get("fsprotocol", "1"), "sftp")
        name = unquote(name.partition("\\")[2])
    if kind in ("sftp", "ftp", "scp") and host:
        protocol = PROTOCOLS[kind]
        yield Drop(
            line=line,
            protocol=protocol,
            host=host_of(host, values.get("port") or values.get("portnumber"), protocol),
            directory=values.get("remotedirectory", "") or values.get("path", ""),
            user=values.get("user", "") or values.get("username", ""),
            secret=values.get("pass") or values.get("password") or None,
            setting="pass" if "pass" in values else "password",
            name=name,
            figures={"clear_text": True} if kind == "ftp" and values.get("tls", "").lower() != "true" else {},
        )


def is_script(head: str) -> bool:
    """A script with an ``open`` of a server?"""
    return _OPENS.search(head) is not None and "://" in head


def from_script(lines: list[str]) -> Iterator[Drop]:
    """Drops of a script: an ``open``, then what is fetched and put until the next one."""
    current: Drop | None = None
    used, folder = False, ""
    for count, written in enumerate(lines, 1):
        if written.lstrip().startswith(("#", "//", "rem ")):
            continue
        for command in re.split(r";|&&", written):
            words = _words(command)
            opened = _opened(words, count)
            if opened is not None:
                if current is not None and not used:
                    yield replace(current, directory=folder or current.directory)
                current, used, folder = opened, False, ""
                continue
            if current is None or not words:
                continue
            verb, rest = words[0].lower(), [word for word in words[1:] if not word.startswith("-")]
            if verb == "cd" and rest:
                folder = rest[0]
            elif verb in _READS | _WRITES and rest:
                used = True
                yield _moved(current, folder, verb, words, rest, count)
    if current is not None and not used:
        yield replace(current, directory=folder or current.directory)


def _words(command: str) -> list[str]:
    if len(command) > 2_000:
        return []
    try:
        return shlex.split(command.replace("\\", "\\\\"))
    except ValueError:
        return command.replace('"', " ").replace("'", " ").split()


def _opened(words: list[str], line: int) -> Drop | None:
    """``open -u user,password sftp://host/dir``, ``lftp -u …``, ``open sftp://user:password@host/``."""
    if not words:
        return None
    begin = next((at for at, word in enumerate(words) if word.rpartition("/")[2].lower() in ("open", "lftp")), -1)
    if begin < 0 or (
        begin > 0 and words[begin].lower() == "open" and "lftp" not in words[0] and not words[0].startswith("-")
    ):
        return None
    address = next((word for word in words[begin + 1 :] if "://" in word), "")
    url = url_of(address) if address else None
    if url is None:
        return None
    more: dict[str, Any] = {}
    for at, word in enumerate(words[begin + 1 :], begin + 1):
        if word in ("-u", "--user") and at + 1 < len(words):
            user, comma, secret = words[at + 1].partition(",")
            more = {"user": user, "secret": secret if comma else None}
        elif word.lower().startswith("-password="):
            more["secret"] = word.partition("=")[2]
        elif word.lower().startswith("-username="):
            more["user"] = word.partition("=")[2]
    return drop_of(url, line, setting="open", **more)


def _moved(current: Drop, folder: str, verb: str, words: list[str], rest: list[str], line: int) -> Drop:
    writes = verb in _WRITES or "-R" in words or "--reverse" in words
    place = rest[-1] if writes and len(rest) > 1 else "" if writes else rest[0]
    head, slash, last = place.rpartition("/")
    mask = last if verb != "mirror" and ("." in last or set(last) & set("*?")) else ""
    directory = (head or slash) if mask else place
    if writes and not mask and verb != "mirror":  # the name stays as it is here
        mask = rest[0].replace("\\", "/").rpartition("/")[2]
    if directory and not directory.startswith("/") and folder:
        directory = f"{folder.rstrip('/')}/{directory}"
    base = current.directory if current.directory != "/" else ""
    return replace(
        current,
        line=line,
        secret_line=current.secret_line or current.line,
        directory=directory or folder or base,
        pattern=mask,
        way="write" if writes else "read",
    )


def is_server(name: str, head: str) -> bool:
    """The configuration of an SSH server with SFTP only accounts, or of vsftpd?"""
    if re.search(r"^\s*ForceCommand\s+internal-sftp", head, re.MULTILINE | re.IGNORECASE):
        return True
    return name.startswith("vsftpd") and re.search(_VSFTPD, head, re.MULTILINE) is not None


def from_server(lines: list[str]) -> Iterator[Drop]:
    """What the host itself offers: a folder for each ``Match`` block, or that of vsftpd."""
    values: dict[str, str] = {}
    match, line = "", 0
    for count, written in enumerate([*lines, "Match end"], 1):
        stripped = written.strip()
        if not stripped or stripped.startswith("#"):
            continue
        word, _, rest = stripped.replace("\t", " ").partition(" ")
        if word.lower() == "match":
            if match and "internal-sftp" in values.get("forcecommand", ""):
                kind, _, who = match.partition(" ")
                figures = {"match": kind.lower(), "chroot": values.get("chrootdirectory", "")}
                yield Drop(line=line, protocol="sftp", host="", directory=values.get("chrootdirectory", ""),
                           consumer=who.strip(), user=who.strip(), figures=figures)  # fmt: skip
            match, line, values = rest.strip(), count, {}
        elif match:
            values[word.lower()] = rest.strip()
        elif "=" in stripped:
            key, _, value = stripped.partition("=")
            values[key.strip().lower()] = value.strip()
            if key.strip().lower() in ("local_root", "anon_root"):
                secure = any(one.replace(" ", "").lower() == "ssl_enable=yes" for one in lines)
                port = next((number(one.partition("=")[2]) for one in lines if one.startswith("listen_port=")), None)
                yield Drop(line=count, protocol="ftp", host="", directory=value.strip(),
                           figures={"clear_text": not secure, "setting": key.strip(), "port": port})  # fmt: skip
