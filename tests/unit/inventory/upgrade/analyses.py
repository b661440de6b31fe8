"""Our own small analyses, in the form that OpenUpgrade writes: invented modules, every kind of line."""

from __future__ import annotations

from pathlib import Path

HUT_19 = """\
---Models in module 'hut'---
obsolete model hut.ticket [transient]
obsolete model hut.crate (renamed to hut.box)

# DONE: renamed in pre-migration

obsolete model hut.shelf (moved to module hut_shelf)
new model hut.box (renamed from hut.crate)
new model hut.door [abstract]

---Fields in module 'hut'---
hut          / hut.order                / group_id (many2one)           : DEL relation: hut.group
hut          / hut.order                / note (text)                   : DEL

# NOTHING TO DO

hut          / hut.order                / tax_id (many2many)            : DEL relation: hut.tax
hut          / hut.order                / tax_ids (many2many)           : NEW relation: hut.tax, hasdefault: compute
hut          / hut.order                / fee_ids (many2many)           : NEW relation: hut.fee

# DONE: renamed in pre-migration

hut          / hut.order                / memo (char)                   : DEL
hut          / hut.order                / remark (char)                 : NEW
hut          / hut.order                / memo_public (char)            : NEW

# DONE: renamed memo to remark

hut          / hut.order                / ref (char)                    : was renamed to reference [nothing to do]
hut          / hut.order                / domain (char)                 : type is now 'json' ('char')
hut          / hut.order                / state (selection)             : selection_keys removed: [invoiced]
hut          / hut.order                / kind (selection)              : selection_keys added: [gift] (most likely nothing to do)
hut          / hut.order                / box_id (many2one)             : relation is now 'hut.box' ('hut.crate') [nothing to do]
hut          / hut.order                / owner_id (many2one)           : relation is now 'res.users' ('res.partner')
hut          / hut.order                / due (date)                    : now required
hut          / hut.order                / total (float)                 : is now stored
hut          / hut.order                / weight (float)                : not stored anymore
hut          / hut.order                / place (char)                  : DEL
hut_plus     / hut.order                / place (char)                  : NEW
hut          / hut.order                / size (char)                   : DEL
hut_plus     / hut.order                / size (integer)                : NEW
hut_plus     / hut.printer              / printer_type (False)          : DEL selection_keys: ['a', 'b'], mode: modify
hut          / hut.order                / _order                        : _order is now 'id' ('id desc')
hut          / hut.order.line           / qty (float)                   : DEL required

# a line that no parser knows
this is not a field line

---XML records in module 'hut'---
DEL ir.cron: hut.cron_fetch (noupdate)
NEW ir.cron: hut.cron_moved [renamed from hut_old module] (noupdate)
DEL ir.cron: hut_old.cron_moved [renamed to hut module] (noupdate)
NEW ir.cron: hut.cron_kept
DEL ir.cron: hut.cron_kept
ir.rule: hut.rule (changed definition: is now 'x' ('y'))
"""

HUT_18 = """\
---Models in module 'hut'---
---Fields in module 'hut'---
hut          / hut.order                / memo_text (char)             : DEL
hut          / hut.order                / memo (char)                   : NEW
---XML records in module 'hut'---
---nothing has changed in this module--
"""


def write(root: Path, files: dict[str, str]) -> Path:
    """Files by path; returns the root."""
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root
