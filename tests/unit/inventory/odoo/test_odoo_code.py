"""What a code text calls and hides: addresses as literals, secrets as prints, and nothing of comments and prose."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retailctl.inventory.odoo.code import Code, look_at
from retailctl.inventory.odoo.secrets import parts_of

SECRET = "Zx9MARKzx9"


def look(code: str) -> Code:
    return look_at(code, lambda secret: f"hmac:k:{secret.upper()[:4]}{len(secret):04d}")


@pytest.mark.parametrize(
    ("code", "calls"),
    [
        ("requests.get('https://wms.example/api/stock')", ["GET https://wms.example/api/stock"]),
        ("http.request('PUT', 'http://wms.example:8080/a')", ["PUT http://wms.example:8080/a"]),
        ("B = 'https://x.example/api'\nrequests.post(B + '/orders')", ["POST https://x.example/api/orders"]),
        ("B = 'https://x.example'\nrequests.post(B)\nrequests.get(B + '/a')", ["GET https://x.example/a"]),
        ("u = f'https://x.example/o/{record.id}/lines'", [" https://x.example/o/{id}/lines"]),
        ("requests.get('https://x.example/o/%s' % 7)", ["GET https://x.example/o/{value}"]),
        ("requests.get('https://x.example/o/{}'.format(7))", ["GET https://x.example/o/{}"]),
        ("sftp('sftp://bob:pw12345@files.example:2222/out')", [" sftp://files.example:2222/out"]),
        ("# see https://docs.example\n'''https://remark.example'''", []),
        ("log('see https://docs.example for more')", []),
        ("ns = 'http://www.w3.org/2001/XMLSchema'", []),
        ("requests.get(url)", []),
        ("requests.get('https://wms.example/a?key=%s&x=1' % k)", ["GET https://wms.example/a"]),
        ("def broken(:\n  x = 'http://old.example/a'", [" http://old.example/a"]),
        ("model._run_vacuum_cleaner()", []),
    ],
)
def test_calls(code: str, calls: list[str]) -> None:
    assert [f"{call.method} {call.url.clean}" for call in look(code).calls] == calls


@pytest.mark.parametrize(
    "code",
    [
        f"password = '{SECRET}'",
        f"env.token = '{SECRET}'",
        f"data['api_key'] = '{SECRET}'",
        f"requests.get(u, headers={{'Authorization': 'Bearer {SECRET}'}})",
        f"requests.get(u, auth=('bob', '{SECRET}'))",
        f"connect(host, passwd='{SECRET}')",
        f"ftp.login('bob', '{SECRET}')",
        f"x = 'https://bob:{SECRET}@wms.example/a'",
        f"x = 'https://wms.example/a?api_key={SECRET}'",
        f"requests.post('https://hooks.example/T00/{SECRET}12345')",
        f"def broken(:\n  password = '{SECRET}'",
        "key = '-----BEGIN RSA PRIVATE KEY-----\\nMIIEow'",
        "x = 'sk_live_abcdefgh12345678'",
    ],
)
def test_secrets_leave_a_print_and_nothing_else(code: str) -> None:
    told = look(code)
    assert len(told.secrets) == 1
    assert SECRET not in repr(told) and "sk_live" not in repr(told)


@pytest.mark.parametrize(
    "code",
    [
        "password = env['ir.config_parameter'].get_param('wms.password')",
        "token_url = 'https://sso.example/token'",
        "password_field = 'x_password'",
        "password = ''",
        "token = '${TOKEN}'",
        "api_key = 'vault:kv/wms'",
        "name = 'secretary'",
    ],
)
def test_what_only_speaks_of_a_secret_is_none(code: str) -> None:
    assert look(code).secrets == ()


def test_an_unknown_host_is_a_call_to_somewhere() -> None:
    told = look("requests.get(f'https://{host}/x')")
    assert told.calls == () and told.symbolic


def test_the_same_secret_has_one_print_wherever_it_stands() -> None:
    one = look(f"h = {{'X-Api-Key': '{SECRET}'}}").secrets
    assert one == look(f"h = {{'Authorization': 'Bearer {SECRET}'}}").secrets == look(f"password = '{SECRET}'").secrets


@pytest.mark.parametrize(
    ("path", "cut"),
    [
        ("/api/v2/orders/{id}", []),
        ("/rest/V1/products/24", []),
        ("/services/T0/B0/a1b2c3d4e5f6a7", ["a1b2c3d4e5f6a7"]),
        ("/hook/550e8400-e29b-41d4-a716-446655440000", ["550e8400-e29b-41d4-a716-446655440000"]),
        ("/notifications/customer-order-confirmation", []),
    ],
)
def test_parts_of_a_path_that_look_like_keys_are_cut(path: str, cut: list[str]) -> None:
    kept, found = parts_of(path)
    assert found == cut and kept.count("\0") == len(cut)


@given(st.text(alphabet=st.sampled_from(list("ab:/@'\"(){}%\n =.#?&$\\")), max_size=60))
def test_no_text_makes_it_fail(code: str) -> None:
    assert look(code) == look(code)


@pytest.mark.parametrize("code", ["(" * 3000, "x = " + "'a' + " * 3000 + "'b'", "https://" * 5000, "-" * 50_000 + "1"])
def test_hostile_code_is_read_in_no_time(code: str) -> None:
    look(code)


def test_code_that_python_would_warn_of_is_read_quietly(recwarn: pytest.WarningsRecorder) -> None:
    assert look("import re\nre.match('\\d', x)\nrequests.get('https://x.example/a')").calls
    assert list(recwarn) == []
