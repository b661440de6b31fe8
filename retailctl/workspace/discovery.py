"""interim"""
from __future__ import annotations
from dataclasses import dataclass
from pathlib import Path
from retailctl.errors import WorkspaceNotFound

@dataclass(frozen=True, slots=True)
class WorkspaceFiles:
    by_kind: dict[str, tuple[str, ...]]
    outside: tuple[str, ...] = ()
    skipped: tuple[str, ...] = ()
    def of(self, kind: str) -> tuple[str, ...]:
        return self.by_kind.get(kind, ())

def find_root(start: Path) -> Path:
    for p in (start.resolve(), *start.resolve().parents):
        if (p / "retailctl.yaml").exists() or (p / "inventories").is_dir():
            return p
    raise WorkspaceNotFound("no workspace", hint="retailctl init")

def list_files(root: Path) -> WorkspaceFiles:
    k: dict[str, list[str]] = {}
    for p in sorted(root.glob("inventories/**/*.yaml")):
        k.setdefault("inventory", []).append(p.relative_to(root).as_posix())
    for p in sorted(root.glob("contracts/**/*")):
        if p.is_file():
            k.setdefault("contract" if p.name == "contract.yaml" else "contract-document", []).append(p.relative_to(root).as_posix())
    for p in sorted(root.glob("migrations/*/wave.yaml")):
        k.setdefault("wave", []).append(p.relative_to(root).as_posix())
    for p in sorted(root.glob("migrations/freezes.yaml")):
        k.setdefault("freezes", []).append(p.relative_to(root).as_posix())
    for p in sorted(root.glob("policies/*.yaml")):
        k.setdefault("waivers" if p.name == "waivers.yaml" else "policy", []).append(p.relative_to(root).as_posix())
    return WorkspaceFiles({a: tuple(b) for a, b in k.items()})
