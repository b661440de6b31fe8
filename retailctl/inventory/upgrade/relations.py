"""Which model a field leads to, for paths of several fields: by the analyses, else by the names that Odoo has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

# (model, field) -> model of its lines
_LINES: Final[dict[tuple[str, str], str]] = {
    ("sale.order", "order_line"): "sale.order.line",
    ("purchase.order", "order_line"): "purchase.order.line",
    ("pos.order", "lines"): "pos.order.line",
    ("pos.order", "payment_ids"): "pos.payment",
    ("account.move", "invoice_line_ids"): "account.move.line",
    ("account.move", "line_ids"): "account.move.line",
    ("stock.picking", "move_ids"): "stock.move",
    ("stock.picking", "move_lines"): "stock.move",
    ("stock.picking", "move_line_ids"): "stock.move.line",
    ("stock.move", "move_line_ids"): "stock.move.line",
    ("product.template", "product_variant_ids"): "product.product",
    ("product.template", "product_variant_id"): "product.product",
    ("product.pricelist", "item_ids"): "product.pricelist.item",
    ("res.partner", "child_ids"): "res.partner",
    ("res.partner", "parent_id"): "res.partner",
}
_NAMED: Final[dict[str, str]] = {
    "partner_id": "res.partner",
    "partner_invoice_id": "res.partner",
    "partner_shipping_id": "res.partner",
    "commercial_partner_id": "res.partner",
    "product_id": "product.product",
    "product_tmpl_id": "product.template",
    "company_id": "res.company",
    "currency_id": "res.currency",
    "country_id": "res.country",
    "state_id": "res.country.state",
    "user_id": "res.users",
    "warehouse_id": "stock.warehouse",
    "location_id": "stock.location",
    "location_dest_id": "stock.location",
    "picking_id": "stock.picking",
    "picking_type_id": "stock.picking.type",
    "lot_id": "stock.lot",
    "pricelist_id": "product.pricelist",
    "journal_id": "account.journal",
    "categ_id": "product.category",
    "product_uom_id": "uom.uom",
    "tax_ids": "account.tax",
    "tax_id": "account.tax",
}


def target(model: str, field: str, known: Mapping[tuple[str, str], str]) -> str:
    """The model that a field leads to; empty where nobody says."""
    return known.get((model, field)) or _LINES.get((model, field)) or _NAMED.get(field, "")
