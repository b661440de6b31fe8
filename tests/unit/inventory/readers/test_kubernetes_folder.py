"""Manifests of one folder know each other: names are looked up beside the file, and nothing is seen twice."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from retailctl.inventory.artefact import Artefact
from retailctl.inventory.readers.kubernetes import READER
from retailctl.inventory.reading import Reading
from retailctl.model.seen import Seen

FILES = {
    "deployment.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: checkout, namespace: shop}
spec:
  template:
    metadata: {labels: {app: checkout}}
    spec:
      containers:
        - {name: main, image: "shop/checkout:1", envFrom: [{configMapRef: {name: checkout-settings}}]}
""",
    "config.yaml": """\
apiVersion: v1
kind: ConfigMap
metadata: {name: checkout-settings, namespace: shop}
data: {ERP_URL: "https://erp.shop.example/api"}
""",
    "service.yaml": """\
apiVersion: v1
kind: Service
metadata: {name: checkout-svc, namespace: shop}
spec: {selector: {app: checkout}}
""",
    "broken.yaml": "apiVersion: v1\nkind: [\n",
}


def reading() -> Reading:
    return Reading(
        as_of=date(2026, 11, 20), fingerprint=lambda text: f"hmac:k:{len(text)}", pseudonym=lambda _: "anon-1"
    )


def seen(root: Path, name: str, given: Reading) -> list[Seen]:
    return [one for one in READER.read(Artefact(root, name), given) if isinstance(one, Seen)]


def test_a_config_map_and_a_service_in_files_beside(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    given = reading()
    found = seen(tmp_path, "deployment.yaml", given)
    calls = [one for one in found if one.kind == "interface"]
    assert [(one.provider, [consumer.name for consumer in one.consumers]) for one in calls] == [
        ("erp.shop.example", ["checkout"])
    ]
    (system,) = (one for one in found if one.kind == "system")
    assert "checkout-svc" in system.values["aliases"]
    assert not [one for one in seen(tmp_path, "service.yaml", given) if one.kind == "interface"]
    assert len(given.memo) == 1, "the folder is read once"


def test_the_file_itself_wins_over_its_neighbours(tmp_path: Path) -> None:
    own = FILES["config.yaml"].replace("erp.shop", "erp.own")
    (tmp_path / "all.yaml").write_text(f"{FILES['deployment.yaml']}---\n{own}")
    (tmp_path / "config.yaml").write_text(FILES["config.yaml"])
    calls = [one for one in seen(tmp_path, "all.yaml", reading()) if one.kind == "interface"]
    assert {one.provider for one in calls} == {"erp.own.example"}
