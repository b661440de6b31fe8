"""Object stores: the readers that fsspec has for their addresses, where they are installed.

Credentials are those that the reader finds by itself: environment, profile, role of the machine.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from retailctl.errors import IncompleteError, UsageError

MARK: Final = "://"
# Scheme -> what to install, where the name of the package does not say it.
_PACKAGES: Final = {
    "s3": "s3fs", "s3a": "s3fs", "gs": "gcsfs", "gcs": "gcsfs", "az": "adlfs", "abfs": "adlfs", "abfss": "adlfs",
    "http": "'fsspec[http]'", "https": "'fsspec[http]'", "sftp": "'fsspec[ssh]'",
}  # fmt: skip


def scheme_of(address: str) -> str:
    """``s3`` of ``s3://bucket/orders``."""
    return address.partition(MARK)[0].lower()


def file_system(scheme: str) -> Any:
    """The reader of a scheme. Raises UsageError, which says what to install, where there is none."""
    package = _PACKAGES.get(scheme, "fsspec")
    hint = f"install it with: pip install {package}; or copy the files into the workspace"
    try:
        import fsspec
    except ImportError:
        raise UsageError(f"reading {scheme}{MARK} needs fsspec, which is not installed", hint=hint) from None
    try:
        return fsspec.filesystem(scheme)
    except ImportError:
        raise UsageError(f"reading {scheme}{MARK} needs a package that is not installed", hint=hint) from None
    except ValueError:
        raise UsageError(f"nobody reads {scheme}{MARK}", hint="copy the files into the workspace") from None
    except Exception as error:  # noqa: BLE001 - each store has errors of its own, which may quote credentials
        raise IncompleteError(f"the reader of {scheme}{MARK} does not start ({type(error).__name__})") from None


def fetched(address: str, folder: Path) -> tuple[Path, ...]:
    """Copies of the files at an address or a pattern of addresses, in their order.

    Raises UsageError where there is no file, IncompleteError where one cannot be read.
    """
    reader = file_system(scheme_of(address))
    try:
        found = sorted(reader.glob(address)) if any(letter in address for letter in "*?[") else [address]
        folder.mkdir(parents=True, exist_ok=True)
        copies = []
        for number, one in enumerate(found):
            ending = "".join(Path(str(one).rpartition("/")[2].partition("?")[0]).suffixes[-2:])
            copies.append(folder / f"{number:06d}{ending}")
            reader.get_file(one, str(copies[-1]))
    except Exception as error:  # noqa: BLE001 - as above
        hint = "check the address, and the credentials that the reader takes from the environment"
        raise IncompleteError(f"{address} cannot be read ({type(error).__name__})", hint=hint) from None
    if not copies:
        raise UsageError(f"{address}: no such file")
    return tuple(copies)
