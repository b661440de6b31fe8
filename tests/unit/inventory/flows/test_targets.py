"""What an address in a flow leads to: literal, symbolic, and with a secret in it."""

from __future__ import annotations

import pytest

from retailctl.inventory.flows.targets import target_of

_KNOWN = {"ERP": "https://erp.shop.example", "host": "api.carrier.example"}


@pytest.mark.parametrize(
    ("written", "name", "path"),
    [
        ("https://erp.shop.example/api/orders?x=1#y", "erp.shop.example", "/api/orders"),
        ("=https://erp.shop.example/api/{{ $json.order.id }}", "erp.shop.example", "/api/{id}"),
        ("={{ $env.ERP }}/api", "erp.shop.example", "/api"),
        ('={{ $vars["ERP"] }}/api', "erp.shop.example", "/api"),
        ("${ERP}/api", "erp.shop.example", "/api"),
        ("{{host}}/labels", "api.carrier.example", "/labels"),
        ("{{ $json.url }}", "{{ $json.url }}", ""),
        ("{{ $json.base }}/x/{{ $('A b').item.json.sku }}", "{{ $json.base }}", "/x/{sku}"),
        ("{{protocol}}://{{machine}}:{{port}}{{space}}/api", "{{machine}}", "/api"),
        ("http://{{machine}}:8080/api", "{{machine}}:8080", "/api"),
        ("https://{{ $json.shop }}.myshop.example/admin", "{{ $json.shop }}.myshop.example", "/admin"),
        ("api.carrier.example/labels", "api.carrier.example", "/labels"),
        ("localhost:8069/web", "localhost:8069", "/web"),
        ("odoo:8069", "odoo:8069", ""),
        ("https://api.telegram.org/bot123:abc/send", "api.telegram.org", "/bot***/send"),
        ("postgres://u:p@pg:5432/shop", "pg", "/shop"),
        ("https://erp.shop.example/x/{{ $json.a || 'plain text' }}", "erp.shop.example", "/x/{a}"),
    ],
)  # fmt: skip
def test_an_address_leads_to_a_name_and_a_path(written: str, name: str, path: str) -> None:
    found = target_of(written, _KNOWN)
    assert found is not None
    assert (found.url.name, found.url.path) == (name, path)


@pytest.mark.parametrize("written", ["", "=", "/api/orders", "hello", "{{", "://", "{{}}://", "mailto:x", "=  "])
def test_what_is_no_address_leads_nowhere(written: str) -> None:
    found = target_of(written, {})
    assert found is None or found.symbolic


@pytest.mark.parametrize(
    ("written", "secrets"),
    [
        ("https://svc:pass%21word@pay.example/x", [("", "pass!word")]),
        ("https://pay.example/x?api_key=abc123&y=1", [("api_key", "abc123")]),
        ("https://pay.example/x?key=AIzaSyAbcdefghij", [("key", "AIzaSyAbcdefghij")]),
        ("https://pay.example/x?key=orders", []),
        ("https://hooks.slack.com/services/T/B/xyz", [("", "T/B/xyz")]),
        ("https://pay.example/x?api_key={{ $json.key }}", []),
        ("https://{{user}}:{{pass}}@pay.example/", []),
    ],
)
def test_a_secret_in_an_address_is_handed_out_and_not_kept(written: str, secrets: list[tuple[str, str]]) -> None:
    found = target_of(written, {})
    assert found is not None
    assert list(found.secrets) == secrets
    assert all(value not in found.url.clean for _, value in secrets)
