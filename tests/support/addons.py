"""Trees of addons with known truth: what is written is counted as it is written, not afterwards.

Realistic in what costs time: models with fields, methods and docstrings make most of the Python, views most of the
XML; routes, calls, crons and literals stand in a few files of each module.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

AUTHS = ("user", "public", "none", "bearer")
VERBS = ("get", "post", "put")
INTERVALS = (("minutes", 5), ("minutes", 15), ("minutes", 30), ("hours", 1), ("days", 1), ("weeks", 2))
_FIELDS = ("Char", "Integer", "Float", "Boolean", "Date", "Text", "Monetary")
_WORDS = (
    "order",
    "line",
    "stock",
    "price",
    "partner",
    "picking",
    "invoice",
    "batch",
    "store",
    "shelf",
    "tax",
    "carrier",
)


@dataclass
class Planted:
    """Counts of a tree as it was written; ``bytes`` by ending."""

    counts: Counter[str] = field(default_factory=Counter)
    auth: Counter[str] = field(default_factory=Counter)
    bytes: Counter[str] = field(default_factory=Counter)
    files: Counter[str] = field(default_factory=Counter)


class Writer:
    """Writes modules below a folder and counts what is in them."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root, self.planted = root, Planted()
        self._rng = random.Random(seed)

    def tree(self, modules: int, python_files: int, xml_files: int, python_bytes: int, xml_bytes: int) -> Planted:
        """So many modules with so many files of about so many bytes together."""
        for number in range(modules):
            mine = python_files // modules + (number < python_files % modules)
            views = xml_files // modules + (number < xml_files % modules)
            self.module(number, mine, views, python_bytes // python_files, xml_bytes // xml_files)
        return self.planted

    def module(self, number: int, python_files: int, xml_files: int, python_size: int, xml_size: int) -> None:
        """One module: a manifest, a controller, a client, models; a file of crons, views."""
        name = f"{self._rng.choice(_WORDS)}_{self._rng.choice(_WORDS)}_{number}"
        licence = self._rng.choice(("LGPL-3", "AGPL-3", "OEEL-1", "OPL-1"))
        data = [f"data/data_{at}.xml" for at in range(xml_files)]
        manifest = {"name": name, "version": "18.0.1.0.0", "license": licence, "depends": ["base"], "data": data}
        self._write(f"{name}/__manifest__.py", f"{manifest!r}\n")
        for at in range(python_files - 1):
            kind = (self._controller, self._client)[at](name) if at < 2 else ""
            self._write(f"{name}/models/model_{at}.py", self._model(name, at, kind, python_size))
        for at, path in enumerate(data):
            self._write(f"{name}/{path}", self._records(name, xml_size) if at == 0 else self._views(name, xml_size))
        self.planted.counts["modules"] += 1

    def _write(self, path: str, text: str) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
        ending = path.rpartition(".")[2]
        self.planted.bytes[ending] += len(text.encode())
        self.planted.files[ending] += 1

    def _controller(self, name: str) -> str:
        rng, planted = self._rng, self.planted.counts
        lines = [
            "from odoo import http",
            "",
            "",
            "class Controller(http.Controller):",
            f"    _hook_url = '/{name}/webhook'",
            "",
        ]
        for at in range(rng.randrange(1, 8)):
            shape = rng.randrange(6)
            auth, csrf_off = rng.choice(AUTHS), rng.random() < 0.3
            more = f"auth={auth!r}" + (", csrf=False" if csrf_off else "") + ", methods=['POST']"
            if shape == 0:
                decorator = "@http.route()"
                planted["bare_overrides"] += 1
            elif shape == 1:
                decorator = f"@http.route(_hook_url, type='http', {more})"
                planted["constant_paths"] += 1
                planted["webhook_like"] += 1
                planted["paths"] += 1
            elif shape == 2:
                decorator = f"@http.route(['/{name}/a{at}', f'/{{_hook_url}}/b{at}'], {more})"
                planted["constant_paths"] += 1
                planted["webhook_like"] += 1
                planted["paths"] += 2
            elif shape == 3:
                decorator = f"@http.route(build('/{name}'), {more})"
                planted["unresolved_paths"] += 1
            else:
                decorator = f"@http.route('/{name}/page/<int:page_{at}>', type='json', {more})"
                planted["paths"] += 1
            if shape:
                self.planted.auth[auth] += 1
                exposed = auth in ("public", "none")
                planted["exposed"] += exposed
                planted["exposed_without_csrf"] += exposed and csrf_off
                planted["csrf_off"] += csrf_off
            planted["routes"] += 1
            lines += [
                f"    {decorator}",
                f"    def page_{at}(self, **kwargs):",
                f'        """See https://docs.{name}.example/route."""',
                "        return kwargs",
                "",
            ]
        return "\n".join(lines) + "\n\n"

    def _client(self, name: str) -> str:
        rng, planted = self._rng, self.planted.counts
        lines = [
            "import requests",
            "from odoo import models",
            "",
            "",
            "class Client(models.AbstractModel):",
            f"    _name = '{name}.client'",
            "",
        ]
        for at in range(rng.randrange(1, 5)):
            timeout = rng.random() < 0.6
            lines += [
                f"    def send_{at}(self, payload):",
                f"        return requests.{rng.choice(VERBS)}('https://api.{name.replace('_', '-')}.io/v1/{at}', json=payload{', timeout=10' if timeout else ''})",
                "",
            ]
            planted["calls"] += 1
            planted["urls"] += 1
            planted["no_timeout"] += not timeout
        if rng.random() < 0.3:
            lines += [
                "    def pay(self, amount):",
                "        return self._send_api_request('POST', '/pay', json=amount)",
                "",
            ]
            planted["calls_by_helper"] += 1
        if rng.random() < 0.2:
            lines += ["    def later(self):", "        self.with_delay(priority=5).send_0({})", ""]
            planted["queue_jobs"] += 1
        return "\n".join(lines) + "\n\n"

    def _model(self, name: str, at: int, head: str, size: int) -> str:
        rng = self._rng
        out = [head, "from odoo import api, fields, models\nfrom odoo.exceptions import UserError\n\n\n"]
        out.append(
            f"class Model{at}(models.Model):\n    _name = '{name}.model_{at}'\n    _description = 'Model {at} of {name}'\n\n"
        )
        total = sum(map(len, out))
        number = 0
        while total < size:
            word = rng.choice(_WORDS)
            block = (
                f"    {word}_{number} = fields.{rng.choice(_FIELDS)}(string='{word.title()} {number}', readonly=True, help='The {word} of this record.')\n\n"
                f"    @api.depends('{word}_{number}', 'state')\n    def _compute_{word}_{number}(self):\n"
                f'        """Keep the {word} in step with its lines.\n\n        It is stored, as it is searched for in reports.\n        """\n'
                f"        for record in self:\n            lines = record.line_ids.filtered(lambda line: line.state != 'cancel' and line.qty > {number})\n"
                f"            record.{word}_{number} = sum(lines.mapped('amount_{number}')) if lines else 0.0\n"
                f"            if record.{word}_{number} < 0:\n                raise UserError(_('The {word} of %s is below zero', record.display_name))\n\n"
            )
            out.append(block)
            total += len(block)
            number += 1
        return "".join(out)

    def _records(self, name: str, size: int) -> str:
        rng, planted = self._rng, self.planted.counts
        out = ["<?xml version='1.0' encoding='utf-8'?>\n<odoo>\n"]
        for at in range(rng.randrange(0, 4)):
            unit, number = rng.choice(INTERVALS)
            inactive = rng.random() < 0.2
            written = f'eval="{number}"/>' if rng.random() < 0.3 else f">{number}</field>"
            out.append(
                f'  <record id="cron_{at}" model="ir.cron">\n    <field name="name">{name}: job {at}</field>\n    <field name="model_id" ref="model_{name}"/>\n'
                f'    <field name="interval_number" {written}\n    <field name="interval_type">{unit}</field>\n'
                + ('    <field name="active" eval="False"/>\n' if inactive else "")
                + '    <field name="code">model._run()</field>\n  </record>\n'
            )
            planted["crons"] += 1
            planted["crons_in_data"] += 1
            planted["crons_inactive"] += inactive
            planted["crons_often"] += unit == "minutes" and number <= 15
        return self._filled(out, name, size)

    def _views(self, name: str, size: int) -> str:
        return self._filled(["<?xml version='1.0' encoding='utf-8'?>\n<odoo>\n"], name, size)

    def _filled(self, out: list[str], name: str, size: int) -> str:
        rng, total, number = self._rng, sum(map(len, out)), 0
        while total < size:
            word = rng.choice(_WORDS)
            fields = "".join(
                f'          <field name="{word}_{at}" optional="show" readonly="state != \'draft\'"/>\n'
                for at in range(8)
            )
            block = (
                f'  <record id="view_{word}_{number}" model="ir.ui.view">\n    <field name="name">{name}.{word}.list</field>\n    <field name="model">{name}.model</field>\n'
                f'    <field name="arch" type="xml">\n      <form string="{word}">\n        <group name="{word}">\n{fields}        </group>\n      </form>\n    </field>\n  </record>\n'
            )
            out.append(block)
            total += len(block)
            number += 1
        return "".join((*out, "</odoo>\n"))
