"""Version of a contract document without judging the document."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

_FOLDER = re.compile(r"v?\d+(?:\.\d+)*(?:[-+][\w.]+)?", re.IGNORECASE)


def contract_version(path: str, content: Callable[[], Any]) -> str | None:
    """``contracts/<domain>/<id>/<version>/<file>``: the folder is the version; elsewhere ``info.version`` or
    ``version`` of the document, or the newest of ``versions`` in a ``contract.yaml``. ``content`` is called only when
    the folder does not say."""
    folders = path.split("/")[:-1]
    if len(folders) >= 4 and _FOLDER.fullmatch(folders[-1]):
        return folders[-1]
    if not path.endswith((".yaml", ".yml", ".json")):
        return None
    data = content()
    if not isinstance(data, dict):
        return None
    info = data.get("info")
    version = info.get("version") if isinstance(info, dict) else data.get("version", _newest(data.get("versions")))
    return str(version) if version is not None else None


def _newest(versions: Any) -> Any:
    last = versions[-1] if isinstance(versions, list) and versions else None
    return last.get("version") if isinstance(last, dict) else None
