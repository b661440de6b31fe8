"""Uses held against changes: which rule, at which step, and what may replace what is gone."""

from __future__ import annotations

import pytest

from retailctl.errors import Location
from retailctl.inventory.upgrade.analysis import changes_of
from retailctl.inventory.upgrade.impact import Impact, Step, Use, impacts
from retailctl.inventory.upgrade.rule_rows import RULES
from tests.unit.inventory.upgrade.analyses import HUT_18, HUT_19

AT = Location("maps/order.map.yaml", 3)


def steps() -> list[Step]:
    return [Step(19, changes_of(HUT_19, "19.txt")), Step(18, changes_of(HUT_18, "18.txt"))]


def hit(path: str, model: str = "hut.order", *, writes: bool | None = None, only: int | None = None) -> list[Impact]:
    use = Use(by="map order", at=AT, model=model, path=tuple(filter(None, path.split("."))), writes=writes)
    return list(impacts([use], [step for step in steps() if only in (None, step.version)]))


@pytest.mark.parametrize(
    ("path", "rule", "instead"),
    [
        ("group_id", "UPG-01", ()),
        ("note", "UPG-01", ()),
        ("tax_id", "UPG-03", ("tax_ids",)),
        ("memo", "UPG-03", ("remark", "memo_public")),
        ("ref", "UPG-03", ("reference",)),
        ("domain", "UPG-02", ("json",)),
        ("size", "UPG-02", ("integer",)),
        ("state", "UPG-05", ()),
        ("owner_id", "UPG-05", ("res.users",)),
        ("due", "UPG-05", ()),
        ("weight", "UPG-05", ()),
    ],
)
def test_what_a_change_does_to_a_use(path: str, rule: str, instead: tuple[str, ...]) -> None:
    (found,) = hit(path, only=19)
    assert (found.rule, found.instead, found.version, found.field) == (rule, instead, 19, path)
    assert found.at.path == "19.txt" and found.at.line > 0 and found.rule in RULES


FIELDS = """\
---Fields in module 'hut'---
hut          / hut.order                / mobile (char)                 : DEL
hut          / hut.order                / groups_id (many2many)         : DEL relation: hut.group
hut          / hut.order                / notes (char)                  : DEL
hut_far      / hut.order                / hut_extra_number (char)       : NEW
hut_far      / hut.order                / notes_of_far (char)           : NEW
hut          / hut.order                / note (char)                   : NEW
hut          / hut.order                / group_ids (many2many)         : NEW relation: hut.group
"""


@pytest.mark.parametrize(
    ("path", "first", "alike"), [("groups_id", "group_ids", True), ("notes", "note", True), ("mobile", "note", False)]
)
def test_an_equal_type_alone_is_no_likely_name(path: str, first: str, alike: bool) -> None:
    use = Use(by="map order", at=AT, model="hut.order", path=(path,))
    following = "---Fields in module 'hut'---\n" + "".join(
        f"hut / hut.order / {name} (char) : DEL\n" for name in ("note", "group_ids")
    )
    found = list(impacts([use], [Step(19, changes_of(FIELDS, "19.txt")), Step(20, changes_of(following, "20.txt"))]))
    assert (found[0].rule, found[0].instead[0], found[0].alike) == ("UPG-03", first, alike)
    # What is only of equal type is not followed into the next step.
    assert [one.field for one in found[1:]] == ([first] if alike else [])


@pytest.mark.parametrize("path", ["kind", "box_id", "total", "place", "tax_ids", "never_there", ""])
def test_what_only_grows_or_moves_hits_nobody(path: str) -> None:
    assert hit(path, only=19) == []


@pytest.mark.parametrize("path", ["due", "weight"])
def test_what_asks_more_of_writers_is_nothing_to_readers(path: str) -> None:
    assert hit(path, writes=False, only=19) == []
    assert hit(path, writes=True, only=19) != []


def test_models_that_are_gone_or_renamed() -> None:
    (gone,) = hit("name", "hut.ticket", only=19)
    assert (gone.rule, gone.instead) == ("UPG-04", ())
    (renamed,) = hit("", "hut.crate", only=19)
    assert (renamed.rule, renamed.instead) == ("UPG-04", ("hut.box",))
    assert hit("", "hut.shelf", only=19) == [] == hit("", "hut.door", only=19)


def test_a_field_that_modules_only_alter_is_not_gone_with_them() -> None:
    assert hit("printer_type", "hut.printer", only=19) == []


def test_a_path_is_followed_through_relations() -> None:
    (found,) = hit("tax_id.name", only=19)
    assert found.field == "tax_id"
    lines = Step(
        19,
        changes_of(
            "---Fields in module 'sale'---\nsale / sale.order.line / product_uom (many2one) : DEL relation: uom.uom\nsale / sale.order.line / product_uom_id (many2one) : NEW relation: uom.uom\n",
            "s.txt",
        ),
    )
    use = Use(by="map order", at=AT, model="sale.order", path=("order_line", "product_uom"))
    (deep,) = impacts([use], [lines])
    assert (deep.rule, deep.model, deep.field, deep.instead) == (
        "UPG-03",
        "sale.order.line",
        "product_uom",
        ("product_uom_id",),
    )


def test_a_field_is_followed_under_its_new_name_from_step_to_step() -> None:
    found = hit("memo_text")
    assert [(one.version, one.rule, one.field, one.instead) for one in found] == [
        (18, "UPG-03", "memo_text", ("memo",)),
        (19, "UPG-03", "memo", ("remark", "memo_public")),
    ]


def test_what_is_gone_is_gone_once() -> None:
    again = Step(20, changes_of(HUT_19, "20.txt"))
    use = Use(by="map order", at=AT, model="hut.order", path=("note",))
    assert [one.version for one in impacts([use], [again, *steps()])] == [19]


@pytest.mark.parametrize(
    ("record", "rules"),
    [
        ("hut.cron_fetch", ["UPG-07"]),
        ("hut.cron_kept", []),
        ("hut.cron_moved", []),
        ("hut_old.cron_moved", ["UPG-07"]),
        ("hut.unknown", []),
    ],
)
def test_records_by_their_whole_id(record: str, rules: list[str]) -> None:
    use = Use(by="interface if-cron", at=AT, record=record)
    assert [one.rule for one in impacts([use], steps())] == rules


def test_the_order_of_uses_and_lines_does_not_matter() -> None:
    lines = HUT_19.splitlines()
    section = [line for line in lines if " / " in line]
    turned = Step(19, changes_of("---Fields in module 'hut'---\n" + "\n".join(reversed(section)), "19.txt"))
    plain = Step(19, changes_of("---Fields in module 'hut'---\n" + "\n".join(section), "19.txt"))
    uses = [
        Use(by="map", at=AT, model="hut.order", path=(name,)) for name in ("memo", "tax_id", "domain", "place", "size")
    ]
    told = [[(one.rule, one.field, one.instead) for one in impacts(uses, [step])] for step in (plain, turned)]
    assert told[0] == told[1]
    back = [(one.rule, one.field, one.instead) for one in impacts(reversed(uses), [plain])]
    assert sorted(back) == sorted(told[0])


def test_people_write_several_names_at_once() -> None:
    text = (
        "---Fields in module 'hut'---\n"
        "hut / hut.till / seq_id (many2one) : DEL relation: hut.seq\nhut / hut.till / seq_line_id (many2one) : DEL relation: hut.seq\n\n"
        "# DONE: renamed to order_{,line}_no_id\n\n"
        "hut / hut.till / order_line_no_id (many2one) : NEW relation: hut.seq\nhut / hut.till / order_no_id (many2one) : NEW relation: hut.seq\n"
        "hut / hut.till / seq_line_other_id (many2one) : NEW relation: hut.seq\nhut / hut.till / wrong_id (many2one) : NEW relation: hut.other\n"
    )
    for field, instead in (("seq_id", "order_no_id"), ("seq_line_id", "order_line_no_id")):
        (found,) = impacts(
            [Use(by="map", at=AT, model="hut.till", path=(field,))], [Step(19, changes_of(text, "a.txt"))]
        )
        assert found.instead[0] == instead and "wrong_id" not in found.instead


def test_fields_of_a_renamed_model_may_be_renamed_with_it() -> None:
    text = (
        "---Models in module 'hut'---\nobsolete model hut.crate (renamed to hut.box)\nnew model hut.box (renamed from hut.crate)\n"
        "---Fields in module 'hut'---\nhut / hut.crate / crate_name (char) : DEL\nhut / hut.box / box_name (char) : NEW\n"
    )
    found = list(
        impacts([Use(by="map", at=AT, model="hut.crate", path=("crate_name",))], [Step(19, changes_of(text, "a.txt"))])
    )
    assert [(one.rule, one.instead) for one in found] == [("UPG-04", ("hut.box",)), ("UPG-03", ("box_name",))]
