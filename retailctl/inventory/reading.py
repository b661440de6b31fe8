"""What a reader is: the contract between one source and the scan.

A reader is a module of ``inventory/readers`` with one ``READER``, and its name in ``readers/index.py``. It yields what
it sees, in the words of its source, and judges nothing. It never contacts a network and never keeps a secret: a secret
in clear text becomes ``Reading.fingerprint(value)``, which proves that two places share one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from retailctl.errors import InputError
from retailctl.inventory.artefact import Artefact
from retailctl.inventory.path_templates import PathTemplates
from retailctl.model.seen import Seen
from retailctl.model.sighting import Coverage

# What a reader yields. An InputError is a part of the file that cannot be read: it becomes a finding and lowers the
# coverage of the source. Raised instead of yielded it means that nothing of the file can be used.
Found = Seen | Coverage | InputError


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What readers are given beside the file.

    ``as_of`` is the clock of the whole scan. ``system`` and ``environment`` are what the user says of files that do
    not say it themselves (the host of a crontab, the server of an access log). ``variables`` resolve ``${NAME}``;
    one that is not there stays symbolic. ``columns`` are the columns of a register by field. ``templates`` are
    the paths that contracts and the inventory already know, by host or system. ``known`` tells whether a name (a host,
    an address, an account) is declared, so that it may be kept as it is. ``memo`` is what readers remember during
    one scan. ``progress`` takes bytes read.
    """

    as_of: date
    fingerprint: Callable[[str], str]
    pseudonym: Callable[[str], str]
    system: str = ""
    environment: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    templates: PathTemplates = field(default_factory=PathTemplates)
    known: Callable[[str], bool] = lambda _: False
    memo: dict[str, Any] = field(default_factory=dict)
    progress: Callable[[int], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Reader:
    """``name`` is the source of its sightings (a row of ``inventory/sources.py``) and the KIND of ``--as``.

    ``detect`` tells how sure it is that a file is for it: 0 not at all, 1 beyond doubt, below 0.5 not sure enough to
    read it unasked. It looks at the name, ``head``, ``keys`` and ``data`` and does not raise.
    """

    name: str
    title: str
    detect: Callable[[Artefact], float]
    read: Callable[[Artefact, Reading], Iterator[Found]]
