"""Storages of Odoo as add-ons and exports have them: ``fs.storage``, ``storage.backend``, ``edi.storage.backend``.

Of ``fs.storage`` host, account and secret stand in ``options`` (JSON or a Python dict), the folder in
``directory_path``; of the older ``storage.backend`` in fields of their own. Folders of EDI backends hang on it.
"""

from __future__ import annotations

import ast
import csv
import io
import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from retailctl.inventory.drops.drop import Drop, host_of
from retailctl.inventory.loose import mapping, text
from retailctl.inventory.xml_tree import Node

MODELS: Final = ("fs.storage", "storage.backend")
_FOLDERS: Final = ("input_dir_pending", "input_dir_done", "input_dir_error", "output_dir_pending", "output_dir_done")
_TREE: Final = 10_000  # characters of options that are read
_ROWS: Final = 50_000


def from_xml(root: Node) -> Iterator[Drop]:
    """Storages in ``<record>`` elements; their EDI backends give the folders."""
    records = [node for node in root.walk() if node.name == "record"]
    folders: dict[str, list[tuple[Node, dict[str, Any]]]] = {}
    for node in records:
        values = _fields(node)
        storage = text(values.get("storage_id")).rpartition(".")[2]
        if node.get("model") in ("edi.backend", "edi.exchange.type") and storage:
            folders.setdefault(storage, []).append((node, values))
    for node in records:
        if node.get("model") in MODELS:
            values = _fields(node)
            yield from _drops(values, node.line, folders.get(node.get("id").rpartition(".")[2], []))


def _fields(node: Node) -> dict[str, Any]:
    return {
        field.get("name"): field.get("eval") or field.get("ref") or field.text.strip() for field in node.all("field")
    }


def from_csv(content: str) -> Iterator[Drop]:
    """Storages in a file of records (``fs.storage.csv``)."""
    reader = csv.reader(io.StringIO(content))
    header: list[str] = []
    for count, row in enumerate(reader):
        if count > _ROWS:
            break
        if not header:
            header = [name.strip() for name in row]
        elif row:
            yield from _drops(dict(zip(header, row, strict=False)), reader.line_num, [])


def is_storage_header(line: str) -> bool:
    """Is it the header of exported storages?"""
    names = {name.strip().strip('"') for name in line.split(",")}
    return bool(names & {"protocol", "backend_type"}) and bool(names & {"options", "directory_path", "sftp_server"})


def _options(value: Any) -> Mapping[Any, Any]:
    written = value if isinstance(value, str) else ""
    if not written or len(written) > _TREE:
        return {}
    try:
        return mapping(json.loads(written))
    except (ValueError, RecursionError):
        pass
    try:
        found = ast.literal_eval(written)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
        return {}
    return _options(found) if isinstance(found, str) else mapping(found)


def _drops(values: Mapping[str, Any], line: int, folders: list[tuple[Node, dict[str, Any]]]) -> Iterator[Drop]:
    options = _options(values.get("options"))
    nested = mapping(options.get("fo")) or mapping(options.get("target_options")) or options
    protocol = text(values.get("protocol")) or text(values.get("backend_type"))
    protocol = text(options.get("target_protocol")) or protocol
    family = protocol.lower().split("_")[0]
    host = nested.get("host") or values.get("sftp_server") or values.get("ftp_server") or nested.get("bucket")
    port = nested.get("port") or values.get("sftp_port") or values.get("ftp_port")
    user = text(nested.get("username") or nested.get("user") or values.get("sftp_login") or values.get("ftp_login"))
    pair = next(
        ((name, found) for name, source in (("password", nested), ("secret", nested), ("passphrase", nested),
                                            ("sftp_password", values), ("ftp_password", values))
         if (found := source.get(name))), ("password", None),
    )  # fmt: skip
    base = text(values.get("directory_path")) or text(nested.get("path"))
    common: dict[str, Any] = {
        "protocol": family,
        "host": host_of(host, port, family),
        "user": user,
        "secret": pair[1],
        "setting": pair[0],
        "name": text(values.get("code")) or text(values.get("name")),
        "consumer": "",
    }
    figures = {"storage": text(values.get("name"))} | ({"clear_text": True} if family == "ftp" else {})
    below = [
        (node.line, name, f"{base.rstrip('/')}/{folder.strip('/')}")
        for node, backend in folders
        for name in _FOLDERS
        if (folder := text(backend.get(name)))
    ]
    for number_, name, directory in below:
        yield Drop(line=number_, directory=directory, way="read" if name.startswith("input") else "write",
                   figures={**figures, "folder": name}, **common)  # fmt: skip
    if not below:
        yield Drop(line=line, directory=base, figures=figures, **common)
