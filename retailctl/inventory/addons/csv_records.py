"""CSV data files of an addon: the name of the file is the model, the first line the fields."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Final

from retailctl.errors import InputError, Location
from retailctl.inventory.addons.facts import Loaded
from retailctl.inventory.addons.record_fields import ACCESS, KEPT
from retailctl.inventory.addons.xml_records import Fingerprint, Read, is_open_access, record_of
from retailctl.workspace.input_codes import ENCODING, SYNTAX

_LONGEST: Final = 131_072  # characters of one cell, as the csv module allows


def model_of(path: str) -> str:
    """The model of a CSV file; empty for one that is not looked into (``res.country.state.csv``)."""
    model = PurePosixPath(path).name.removesuffix(".csv")
    return model if model in KEPT or model == ACCESS else ""


def csv_records(
    data: bytes, path: str, loaded: Loaded = "unlisted", fingerprint: Fingerprint | None = None, model: str = ""
) -> Read:
    """The records of a file; of ``model`` where the name of the file does not tell it.

    Raises InputError, located, for one that cannot be read.
    """
    found, model = Read(), model or model_of(path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(ENCODING, "is not UTF-8", at=Location(path), hint="save it as UTF-8") from None
    for line, values in _rows(text, path):
        if model == ACCESS:
            found.open_access += is_open_access(values)
        else:
            plain = {name.partition("/")[0].partition(":")[0]: value for name, value in values.items()}
            found.records.append(
                record_of(
                    model, values.get("id", ""), plain, path=path, line=line, lines={}, loaded=loaded,
                    fingerprint=fingerprint,
                )
            )  # fmt: skip
    return found


def _rows(text: str, path: str) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(text.replace("\x00", "")))
    header: list[str] | None = None
    line = 1
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            at = Location(path, line=line)
            raise InputError(SYNTAX, f"is a broken row: {error}", at=at, hint="correct its quotes") from None
        if header is None:
            header = [cell.strip() for cell in row]
        elif any(row):
            yield line, {name: cell.strip() for name, cell in zip(header, row, strict=False) if name}
        line = reader.line_num + 1
