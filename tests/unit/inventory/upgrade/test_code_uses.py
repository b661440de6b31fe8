"""Fields that own modules use: found where the source tells the model, left out where it does not."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from retailctl.errors import InputError
from retailctl.inventory.upgrade.addons_uses import addons_uses
from retailctl.inventory.upgrade.code_uses import python_uses, view_uses
from retailctl.inventory.upgrade.impact import Use
from tests.unit.inventory.addons.trees import MANIFEST
from tests.unit.inventory.upgrade.analyses import write

HEAD = "class A(models.Model):\n    _inherit = 'hut.order'\n"


def used(body: str, head: str = HEAD) -> set[tuple[str, str]]:
    return {(use.model, ".".join(use.path)) for use in python_uses(ast.parse(head + body)) if use.path}


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ("    def f(self):\n        return self.note\n", "note"),
        ("    def f(self):\n        for order in self:\n            order.tax_id.name\n", "tax_id.name"),
        ("    def f(self):\n        for order in self.filtered('x'):\n            order.note = 1\n", "note"),
        ("    def f(self):\n        return [one.note for one in self.sorted()]\n", "note"),
        ("    def f(self):\n        self.write({'note': 1})\n", "note"),
        ("    def f(self):\n        self.mapped('line_ids.note')\n", "line_ids.note"),
        ("    @api.depends('note', 'line_ids.qty')\n    def f(self): ...\n", "line_ids.qty"),
        ("    total = fields.Float(related='group_id.total')\n", "group_id.total"),
        ("    def f(self):\n        return self.env['hut.order'].sudo().search([('note', '=', 1)])\n", "note"),
        ("    def f(self):\n        return self.env['hut.order'].search_read([], ['note'])\n", "note"),
        (
            "    def f(self):\n        return self.env['hut.order'].search_read(domain=[('note', '=', 1)], fields=['name'])\n",
            "note",
        ),
        ("    def f(self):\n        return request.env['hut.order'].create([{'note': 1}])\n", "note"),
    ],
)
def test_uses_are_found(body: str, path: str) -> None:
    assert ("hut.order", path) in used(body)


@pytest.mark.parametrize(
    "head",
    [
        "class A(models.Model):\n    _name = 'hut.lead'\n    _inherit = ['hut.thread', 'hut.lead', 'hut.order']\n",
        "class A(models.Model):\n    _inherit = ['hut.thread', 'hut.order']\n    _name = 'hut.lead'\n",
    ],
)
def test_a_model_with_several_parents_tells_what_is_behind_a_relation_once(head: str) -> None:
    found = used("    def f(self):\n        return self.tax_id.name\n", head)
    found -= {("hut.lead", "tax_id")}  # the first step of the same path
    assert found == {("hut.lead", "tax_id.name"), ("hut.thread", "tax_id"), ("hut.order", "tax_id")}


@pytest.mark.parametrize(
    "body",
    [
        "    def f(self, partner):\n        return partner.note\n",
        "    def f(self):\n        for line in self.mapped('line_ids'):\n            line.note\n",
        "    def f(self):\n        return {'note': 1}\n",
        "    def f(self):\n        return self.env[model].search([('note', '=', 1)])\n",
        "    def f(self):\n        print('note')\n",
    ],
)
def test_what_may_be_of_any_other_model_is_left_out(body: str) -> None:
    assert not [path for _, path in used(body) if path.endswith("note")]


def test_every_model_of_a_class_counts() -> None:
    head = "class A(models.Model):\n    _name = 'hut.mine'\n    _inherit = ['hut.order', 'mail.thread']\n"
    assert {model for model, path in used("    def f(self):\n        self.note\n", head) if path == "note"} == {
        "hut.mine",
        "hut.order",
        "mail.thread",
    }


def test_fields_of_views_and_not_those_of_lines_in_them() -> None:
    text = b"""<odoo><record id="v" model="ir.ui.view"><field name="name">x</field><field name="arch" type="xml"><form>
      <field name="note"/><field name="line_ids"><list><field name="qty"/></list></field></form></field><field name="model">hut.order</field></record>
      <record id="c" model="ir.cron"><field name="arch"><field name="other"/></field></record></odoo>"""
    assert [(use.line, use.model, use.path) for use in view_uses(text)] == [
        (2, "hut.order", ("note",)),
        (2, "hut.order", ("line_ids",)),
    ]


@pytest.mark.parametrize("data", [b"", b"<odoo>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", b"\xff"])
def test_views_that_cannot_be_read_use_nothing(data: bytes) -> None:
    assert view_uses(data) == []


def test_a_tree_is_read_where_a_name_that_changes_stands(tmp_path: Path) -> None:
    body = HEAD + "    def f(self):\n        self.note\n"
    write(
        tmp_path,
        {
            "my/__manifest__.py": MANIFEST,
            "my/models/a.py": body,
            "my/models/b.py": "def (  # note",
            "my/tests/t.py": body,
            "my/models/c.py": "def (",
        },
    )
    found = list(addons_uses(tmp_path, "custom/", {"note"}))
    assert [(one.by, str(one.at), one.path) for one in found if isinstance(one, Use) and one.path] == [
        ("module my", "custom/my/models/a.py:4", ("note",))
    ]
    assert [str(one.at) for one in found if isinstance(one, InputError)] == ["custom/my/models/b.py:1"]
