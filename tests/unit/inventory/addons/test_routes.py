"""Routes: decorators under every name, paths through constants, sign-in and protection."""

from __future__ import annotations

from pathlib import Path

import pytest

from retailctl.inventory.addons.facts import Route
from retailctl.inventory.addons.python_files import python_facts
from retailctl.inventory.addons.routes import is_webhook_like, template
from tests.unit.inventory.addons.trees import row

HEAD = "from odoo import http\nfrom odoo.http import route\n"


def routes(body: str, head: str = HEAD) -> list[Route]:
    return python_facts((head + body).encode(), "till/controllers/main.py").routes


def one(decorator: str, before: str = "") -> Route:
    body = f"{before}\nclass Main(http.Controller):\n    _url = '/pay'\n    _both = [_url, '/other']\n    {decorator}\n    def pay(self): ...\n"
    return routes(body)[0]


@pytest.mark.parametrize(
    ("decorator", "head"),
    [
        ("http.route('/a')", "from odoo import http\n"),
        ("route('/a')", "from odoo.http import route\n"),
        ("odoo.http.route('/a')", "import odoo\n"),
        ("web.route('/a')", "from odoo import http as web\n"),
        ("path('/a')", "from odoo.http import route as path\n"),
        ("http.route('/a')", "from openerp import http\n"),
        ("http.route(route='/a')", "from odoo import http\n"),
        ("http.route(['/a'])", "from odoo import http\n"),
        ("route(('/a',))", ""),
    ],
)
def test_the_route_decorator_is_known_under_every_name(decorator: str, head: str) -> None:
    (found,) = routes(f"@{decorator}\ndef a(): ...\n", head)
    assert [path.text for path in found.paths] == ["/a"]
    assert not found.bare and not found.wrapped


@pytest.mark.parametrize("head", ["from bottle import route\n", "from flask import Blueprint as route\n"])
def test_the_route_of_another_framework_is_none(head: str) -> None:
    assert routes("@route('/a')\ndef a(): ...\n", head) == []


@pytest.mark.parametrize(
    "decorator", ["http.route", "http.route()", "http.route(auth='public', csrf=False)", "http.route(**more)"]
)
def test_a_route_without_a_path_declares_an_inherited_one_again(decorator: str) -> None:
    (found,) = routes(f"class A:\n    @{decorator}\n    def a(self): ...\n")
    assert found.bare and found.paths == ()
    assert not found.exposed, "its sign-in is that of the route it overrides, or stands there, and is not counted twice"


@pytest.mark.parametrize(
    ("argument", "texts"),
    [
        ("'/a'", [("/a", "literal")]),
        ("'/a' '/b'", [("/a/b", "literal")]),
        ("['/a', _url]", [("/a", "literal"), ("/pay", "constant")]),
        ("_url", [("/pay", "constant")]),
        ("_url + '/back'", [("/pay/back", "constant")]),
        ("f'{_url}/back'", [("/pay/back", "constant")]),
        ("_both", [("/pay", "constant"), ("/other", "constant")]),
        ("_both + ['/more']", [("/pay", "constant"), ("/other", "constant"), ("/more", "literal")]),
        ("[*_both]", [("/pay", "constant"), ("/other", "constant")]),
        ("HOME", [("/home", "constant")]),
        ("Other.url", [("/base", "constant")]),
        ("Child.url", [("/base", "constant")]),
        ("'/%s' % _url", [("", "unresolved")]),
        ("'/{}'.format(_url)", [("", "unresolved")]),
        ("unknown", [("", "unresolved")]),
        ("['/a', build()]", [("/a", "literal"), ("", "unresolved")]),
        ("f'{_url!r}'", [("", "unresolved")]),
        ("f'{_url:>9}'", [("", "unresolved")]),
        ("[f'/{n}' for n in range(3)]", [("", "unresolved")]),
        ("self.url", [("", "unresolved")]),
    ],
)
def test_paths_are_found_through_constants_of_the_file(argument: str, texts: list[tuple[str, str]]) -> None:
    before = "HOME = '/home'\nclass Other:\n    url: str = '/base'\nclass Child(Other):\n    more = '/x'\n"
    assert [(path.text, path.via) for path in one(f"@http.route({argument})", before).paths] == texts


def test_a_constant_is_what_was_assigned_before() -> None:
    found = routes("URL = '/a'\n@route(URL)\ndef a(): ...\nURL = '/b'\n@route(URL)\ndef b(): ...\n")
    assert [route.paths[0].text for route in found] == ["/a", "/b"]


def test_constants_that_name_each_other_end() -> None:
    circle = "A = B\nB = A\n" + "".join(f"C{n + 1} = C{n} + C{n}\n" for n in range(60)).replace("C0", "''")
    found = routes(f"{circle}@route(C60)\ndef a(): ...\n@route(A)\ndef b(): ...\n")
    assert all(path.via == "unresolved" for route in found for path in route.paths)


@pytest.mark.parametrize(
    ("keywords", "told"),
    [
        ("", ("user", "http", True, (), "")),
        (", auth='public', type='json', csrf=False", ("public", "json", False, (), "")),
        (", auth='none', methods=['post', 'GET'], cors='*'", ("none", "http", True, ("GET", "POST"), "*")),
        (", auth=SIGN_IN", ("public", "http", True, (), "")),
        (", auth=make(), csrf=off", (None, "http", None, (), "")),
        (", **more", ("user", "http", True, (), "")),
        (", methods=None, cors=None", ("user", "http", True, (), "")),
    ],
)
def test_what_a_route_says_of_itself(keywords: str, told: tuple[object, ...]) -> None:
    found = one(f"@http.route('/a'{keywords})", "SIGN_IN = 'public'")
    assert (found.auth, found.type, found.csrf, found.methods, found.cors) == told


def test_what_a_spread_may_add_is_told() -> None:
    assert one("@http.route('/a', **more)").spread and not one("@http.route('/a')").spread


@pytest.mark.parametrize(
    ("keywords", "exposed", "unprotected"),
    [
        ("auth='public', csrf=False", True, True),
        ("auth='none'", True, False),
        ("auth='user', csrf=False", False, False),
        ("auth='bearer'", False, False),
    ],
)
def test_exposed_means_without_signing_in(keywords: str, exposed: bool, unprotected: bool) -> None:
    found = one(f"@http.route('/a', {keywords})")
    assert (found.exposed, found.unprotected) == (exposed, unprotected)


def test_decorators_that_wrap_the_route_are_a_class_of_their_own() -> None:
    body = "@route.iot_route('/box/status', type='http')\ndef a(): ...\n@helpers.iot_route('/box/b')\ndef b(): ...\n"
    found = routes(body, "from odoo.addons.till.tools import route, helpers\n")
    assert [route.wrapped for route in found] == ["route.iot_route", "helpers.iot_route"]
    assert [route.paths[0].text for route in found] == ["/box/status", "/box/b"]
    assert not any(route.own for route in found)


def test_a_route_under_further_decorators_and_async_ones_count_once() -> None:
    body = "@tools.cache\n@route('/a')\n@other\nasync def a(): ...\n@property\ndef b(): ...\n"
    assert [route.function for route in routes(body)] == ["a"]


def test_unresolved_paths_have_a_line() -> None:
    body = "@route([\n    '/a',\n    build(),\n])\ndef a(): ...\n"
    assert [(path.via, path.line) for path in routes(body)[0].paths] == [("literal", 4), ("unresolved", 5)]


@pytest.mark.parametrize(
    ("path", "hook"),
    [
        ("/pay/webhook", True),
        ("/pay/callback/1", True),
        ("/x/Notification", True),
        ("/web/hook/1", True),
        ("/paypal/ipn", True),
        ("/pay/return", True),
        ("/shop", False),
    ],
)
def test_paths_that_others_call(path: str, hook: bool) -> None:
    assert is_webhook_like(path) is hook


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/shop/<int:id>", "/shop/{id}"),
        ("/shop/<model('product.template'):product>/x", "/shop/{product}/x"),
        ("/a/<string(length=2):code>", "/a/{code}"),
        ("/a/<name>", "/a/{name}"),
        ("a", "/a"),
    ],
)
def test_converters_become_parameters(path: str, wanted: str) -> None:
    assert template(path) == wanted


def test_tests_static_files_and_test_modules_stay_apart(tmp_path: Path) -> None:
    body = HEAD + "@route('/a')\ndef a(): ...\n"
    files: dict[str, str | bytes] = {
        "controllers/main.py": body,
        "tests/test_a.py": body,
        "tests/deep/common.py": body,
        "static/x.py": body,
    }
    found = row(tmp_path, files)
    assert (found["routes"], found["test_files"], found["python_files"]) == (1, 2, 2)
    apart = row(tmp_path / "other", {"controllers/main.py": body}, name="test_till")
    assert (apart["test"], apart["routes"], apart["test_files"]) == (True, 0, 2)


def test_a_file_belongs_to_the_nearest_module(tmp_path: Path) -> None:
    from retailctl.inventory.addons.scan import Scan
    from tests.unit.inventory.addons.trees import MANIFEST, write

    body = HEAD + "@route('/a')\ndef a(): ...\n"
    write(
        tmp_path,
        {
            "outer/__manifest__.py": MANIFEST,
            "outer/a.py": body,
            "outer/tests/inner/__manifest__.py": MANIFEST,
            "outer/tests/inner/b.py": body,
            "free.py": body,
        },
    )
    scan = Scan(tmp_path)
    assert [(facts.technical, len(facts.routes)) for facts in scan.modules()] == [("outer", 1), ("inner", 1)]
    assert scan.tree.outside == 1
