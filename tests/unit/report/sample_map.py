"""A believable map: 25 systems of a retailer in five layers, and 60 edges between them."""

from __future__ import annotations

from retailctl.model.picture import Edge, Node, Picture

LAYERS: dict[str, tuple[str, ...]] = {
    "channel": ("web-shop", "amazon", "store-pos", "mobile-app", "b2b-portal"),
    "experience": ("storefront-bff", "pos-gateway", "partner-api"),
    "integration": ("ipaas-legacy", "event-bus", "orchestrator", "edi-gateway", "file-exchange"),
    "business": ("odoo-sales", "odoo-stock", "odoo-finance", "pim", "wms-3pl", "pricing", "loyalty"),
    "external": ("stripe", "paypal", "carrier-hub", "tax-service", "bank"),
}
LABELS = {"ipaas-legacy": "iPaaS (leaving)", "odoo-sales": "Odoo Sales", "odoo-stock": "Odoo Stock"}
MARKS = {"ipaas-legacy": (4, 6), "odoo-sales": (3, 1), "store-pos": (1, 2), "wms-3pl": (2, 0), "file-exchange": (0, 3)}
LINKS = """
web-shop storefront-bff 3 order,catalogue|mobile-app storefront-bff 3 order,loyalty|amazon ipaas-legacy 2 order! error
amazon partner-api 1 stock|store-pos pos-gateway 4 order,price|store-pos file-exchange 2 stock! warn
b2b-portal partner-api 2 order|b2b-portal odoo-sales 1 order! error|storefront-bff orchestrator 2 order
storefront-bff pim 1 catalogue|storefront-bff pricing 1 price|storefront-bff loyalty 1 loyalty
pos-gateway event-bus 2 order|pos-gateway pricing 1 price warn|pos-gateway ipaas-legacy 1 order error
partner-api orchestrator 2 order|partner-api edi-gateway 1 order|ipaas-legacy odoo-sales 5 order,customer error
ipaas-legacy odoo-stock 3 stock warn|ipaas-legacy wms-3pl 2 stock,shipment error|ipaas-legacy pim 1 catalogue
event-bus odoo-sales 2 order|event-bus odoo-stock 2 stock|event-bus loyalty 1 loyalty|event-bus odoo-finance 1 payment
orchestrator odoo-sales 3 order|orchestrator odoo-stock 2 stock|orchestrator wms-3pl 2 shipment
orchestrator stripe 1 payment|orchestrator paypal 1 payment|orchestrator tax-service 1 tax
edi-gateway odoo-sales 1 order|edi-gateway wms-3pl 1 shipment warn|file-exchange odoo-stock 2 stock! warn
file-exchange odoo-finance 1 ledger! warn|file-exchange bank 1 payment|odoo-sales carrier-hub 1 shipment! warn
odoo-sales stripe 1 payment! error|odoo-sales tax-service 1 tax|odoo-finance bank 2 payment|odoo-finance stripe 1 payment
odoo-finance paypal 1 payment|wms-3pl carrier-hub 2 shipment|pricing event-bus 1 price|pim event-bus 1 catalogue
loyalty event-bus 1 loyalty|odoo-sales event-bus 2 order|odoo-stock event-bus 2 stock|wms-3pl event-bus 1 shipment
web-shop stripe 1 payment!|web-shop paypal 1 payment!|mobile-app stripe 1 payment!|store-pos bank 1 payment! error
odoo-sales odoo-stock 2 stock!|odoo-sales odoo-finance 2 ledger!|odoo-stock odoo-finance 1 ledger!|pim odoo-sales 1 catalogue!
pricing odoo-sales 1 price!|odoo-stock wms-3pl 1 stock! error|amazon carrier-hub 1 shipment!|loyalty odoo-sales 1 loyalty!
"""
WIDTH, HEIGHT = 150.0, 44.0


def sample_picture() -> Picture:
    """The map, laid out in columns as graph/ would do it."""
    nodes = {node.id: node for node in _nodes()}
    edges = tuple(_edge(row.strip(), nodes) for row in LINKS.replace("\n", "|").split("|") if row.strip())
    layers = tuple((layer, 40.0 + 250.0 * column) for column, layer in enumerate(LAYERS))
    return Picture(width=1240, height=620, nodes=tuple(nodes.values()), edges=edges, layers=layers)


def _nodes() -> list[Node]:
    rows: list[Node] = []
    for column, (layer, ids) in enumerate(LAYERS.items()):
        step = 560.0 / len(ids)
        for place, id in enumerate(ids):
            errors, warnings = MARKS.get(id, (0, 0))
            label = LABELS.get(id, id.replace("-", " ").title())
            y = 50.0 + step * place + (step - HEIGHT) / 2
            row = Node(
                id=id,
                label=label,
                kind="system",
                layer=layer,
                x=40.0 + 250.0 * column,
                y=round(y, 1),
                width=WIDTH,
                height=HEIGHT,
                owner=f"team-{layer}",
                errors=errors,
                warnings=warnings,
            )
            rows.append(row)
    return rows


def _edge(row: str, nodes: dict[str, Node]) -> Edge:
    source, target, number, domains, *worst = row.split()
    a, b = nodes[source], nodes[target]
    ay, by = a.y + HEIGHT / 2, b.y + HEIGHT / 2
    if a.x < b.x:
        start, end, bend = a.x + WIDTH, b.x, (b.x - a.x - WIDTH) / 2
        path = f"M{start:g},{ay:g} C{start + bend:g},{ay:g} {end - bend:g},{by:g} {end:g},{by:g}"
    elif a.x > b.x:
        start, end = a.x, b.x + WIDTH
        path = f"M{start:g},{ay:g} C{start - 50:g},{ay:g} {end + 50:g},{by:g} {end:g},{by:g}"
    else:
        right = a.x + WIDTH
        path = f"M{right:g},{ay:g} C{right + 45:g},{ay:g} {right + 45:g},{by:g} {right:g},{by:g}"
    return Edge(
        source=source,
        target=target,
        path=path,
        interfaces=tuple(f"{source}-{target}-{n}" for n in range(1, int(number) + 1)),
        domains=tuple(domains.rstrip("!").split(",")),
        worst=worst[0] if worst else "",
        direct=domains.endswith("!"),
    )
