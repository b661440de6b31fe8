"""Folders on servers where files are dropped and fetched, as the tools that do it are configured.

Taken: storages of Odoo (``fs.storage``, ``storage.backend``, with the folders of EDI backends) in XML and CSV; Camel
routes in XML and YAML; rclone; WinSCP sessions; scripts of lftp and WinSCP; sshd with ``internal-sftp``; vsftpd.

* interface: key (host, directory, name pattern); provider is the host. One per folder, pattern and way. Of a server's
  own configuration the provider is what the user says, else the file. ``mode: batch``; ``direction`` seen from the
  server: out where files are fetched, in where they are put.
* consumers: the account that a server lets in; else the system that the user says, under the account of the setting.
* credential: passwords in clear text (also obscured or encoded ones) as fingerprints. No coverage: others may fetch.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.drops import camel, odoo_storage, transfer_tools
from retailctl.inventory.drops.drop import Drop, seen_of
from retailctl.inventory.guarding import guarded
from retailctl.inventory.loose import refused
from retailctl.inventory.reading import Found, Reader, Reading
from retailctl.inventory.xml_tree import starts_as_xml, tree_of

_KIND: Final = "configuration of file transfers"


def _detect(artefact: Artefact) -> float:
    head = artefact.head.decode("utf-8", "replace")
    if starts_as_xml(artefact):
        if any(f'model="{model}"' in head for model in odoo_storage.MODELS):
            return 0.8
        routes = "camel.apache.org" in head or "<route" in head
        return 0.7 if routes and any(f"{scheme}:" in head for scheme in ("ftp", "sftp", "ftps", "file")) else 0.0
    if artefact.suffix == ".csv":
        first = next(iter(artefact.first_lines), "")
        return 0.9 if odoo_storage.is_storage_header(first) else 0.0
    if isinstance(artefact.data, dict | list):
        return 0.75 if any(True for _, root in artefact.documents() for _ in camel.from_data(root, ())) else 0.0
    if transfer_tools.is_sections(head) or transfer_tools.is_server(artefact.name, head):
        return 0.9
    return 0.6 if transfer_tools.is_script(head) and artefact.suffix in ("", ".txt", ".sh", ".lftp", ".winscp", ".bat", ".cmd") else 0.0  # fmt: skip  # noqa: E501


def _read(artefact: Artefact, reading: Reading) -> Iterator[Found]:
    drops = list(_drops(artefact))
    if not drops:
        raise refused(artefact, _KIND, "no server and no folder is in it")
    told: set[tuple[str, str, object]] = set()
    for drop in drops:
        for seen in seen_of(drop, artefact, reading):
            same = (seen.kind, seen.name, seen.secret or seen.ref)
            if seen.kind != "credential" or same not in told:
                told.add(same)
                yield seen


def _drops(artefact: Artefact) -> Iterator[Drop]:
    if starts_as_xml(artefact):
        root = tree_of(artefact)
        yield from odoo_storage.from_xml(root)
        yield from camel.from_xml(root)
        return
    if artefact.suffix == ".csv":
        yield from odoo_storage.from_csv(artefact.text)
        return
    head, lines = artefact.text[:65_536], artefact.text.splitlines()
    if transfer_tools.is_sections(head):  # begins with a bracket, and is no JSON
        yield from transfer_tools.from_sections(lines)
    elif artefact.document is not None:
        for steps, root in artefact.documents():
            for where, address, word, route, parameters in camel.from_data(root, steps):
                found = camel.drop(address, artefact.at(where).line, word, route, parameters)
                if found is not None:
                    yield found
    elif transfer_tools.is_server(artefact.name, head):
        yield from transfer_tools.from_server(lines)
    else:
        yield from transfer_tools.from_script(lines)


READER = Reader("sftp", "file drops: Odoo storages, Camel, rclone, WinSCP, lftp, sshd, vsftpd", _detect, guarded(_read))
