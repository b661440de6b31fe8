"""What code calls, which addresses and credential-like values stand in it."""

from __future__ import annotations

import pytest

from retailctl.inventory.addons.facts import PythonFacts
from retailctl.inventory.addons.literals import addresses, credential_like, names_credential, shaped, standing
from retailctl.inventory.addons.python_files import python_facts
from retailctl.inventory.addons.tokens import tells


def read(text: str) -> PythonFacts:
    return python_facts(text.encode(), "till/models/client.py", lambda value: f"fp:{len(value)}")


@pytest.mark.parametrize(
    ("text", "apis"),
    [
        ("import requests\nrequests.post(url)", ["requests.post"]),
        ("import requests as r\nr.get(url)", ["requests.get"]),
        ("from requests import Session as S\nS()", ["requests.Session"]),
        ("def f():\n    import requests\n    requests.request('GET', url)", ["requests.request"]),
        ("import urllib.request\nurllib.request.urlopen(url)", ["urllib.request.urlopen"]),
        ("from urllib import request\nrequest.urlopen(url)", ["urllib.request.urlopen"]),
        ("from six.moves.urllib.request import urlopen\nurlopen(url)", ["urllib.request.urlopen"]),
        ("import http.client\nhttp.client.HTTPSConnection(h)", ["http.client.HTTPSConnection"]),
        ("import httpx\nhttpx.AsyncClient()", ["httpx.AsyncClient"]),
        ("from zeep import Client\nClient(wsdl)", ["zeep.Client"]),
        ("from ftplib import FTP_TLS\nFTP_TLS(h)", ["ftplib.FTP_TLS"]),
        ("import paramiko\nparamiko.SSHClient()", ["paramiko.SSHClient"]),
        ("import xmlrpc.client\nxmlrpc.client.ServerProxy(u)", ["xmlrpc.client.ServerProxy"]),
        ("import smtplib, imaplib\nsmtplib.SMTP(h)\nimaplib.IMAP4_SSL(h)", ["imaplib.IMAP4_SSL", "smtplib.SMTP"]),
        ("import os, subprocess\nos.system(c)\nsubprocess.check_output(c)", ["os.system", "subprocess.check_output"]),
        (
            "try:\n    import suds.client\nexcept ImportError:\n    suds = None\nsuds.client.Client(u)",
            ["suds.client.Client"],
        ),
        ("requests.post(url)", []),
        ("from odoo.http import request\nrequest.get(url)", []),
        ("import requests\nrequests.exceptions.Timeout()", []),
        ("from urllib.parse import quote\nquote(url)", []),
        ("import os\nos.path.join(a, b)", []),
    ],
)
def test_a_call_counts_when_the_imports_lead_to_the_network(text: str, apis: list[str]) -> None:
    assert sorted(call.api for call in read(text).calls) == apis


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("self.provider_id._send_api_request('POST', '/pay')", [("helper", "_send_api_request")]),
        ("self._make_request(url)", [("helper", "_make_request")]),
        ("acquirer._stripe_make_request(url)", [("helper", "_stripe_make_request")]),
        ("iap_tools.iap_jsonrpc(url, params={})", [("iap", "iap_jsonrpc")]),
        ("from odoo.addons.iap.tools import iap_tools\niap_tools.iap_jsonrpc(url)", [("iap", "iap_jsonrpc")]),
        ("from odoo.addons.iap.tools.iap_tools import iap_jsonrpc\niap_jsonrpc(url)", [("iap", "iap_jsonrpc")]),
        ("super()._send_api_request('POST', '/pay')", []),
        ("def _send_api_request(self): ...", []),
        ("self._send_signature_request(1)", []),
        ("self.make_request(1)", []),
    ],
)
def test_calls_through_a_parent_count_where_they_are_made(text: str, found: list[tuple[str, str]]) -> None:
    assert [(call.kind, call.api) for call in read(text).calls] == found


@pytest.mark.parametrize(
    ("call", "no_timeout", "verify_off"),
    [
        ("requests.get(u)", 1, 0),
        ("requests.get(u, timeout=5)", 0, 0),
        ("requests.get(u, **options)", 0, 0),
        ("requests.get(u, timeout=5, verify=False)", 0, 1),
        ("requests.get(u, timeout=5, verify=flag)", 0, 0),
        ("requests.Session()", 0, 0),
        ("session.get(u, verify=False)", 0, 1),
        ("session.verify = False", 0, 1),
        ("session.verify = flag", 0, 0),
        ("verify = False", 0, 0),
    ],
)
def test_calls_that_wait_for_ever_or_check_nothing(call: str, no_timeout: int, verify_off: int) -> None:
    facts = read(f"import requests\n{call}")
    assert (sum(one.no_timeout for one in facts.calls), facts.verify_off) == (no_timeout, verify_off)


def test_docstrings_are_no_addresses_and_other_strings_are() -> None:
    text = (
        '"""https://module.docs.io"""\nclass A:\n    """https://class.docs.io"""\n    url = "https://api.shop.io/v1"\n'
        '    def f(self):\n        """https://function.docs.io"""\n        return f"https://{self.host}.io/x" + f"http://files.shop.io/{self.id}"\n'
    )
    found = [(url.scheme, url.host, url.standing, url.plain_http) for url in read(text).urls]
    assert found == [
        ("https", "api.shop.io", "real", False),
        ("https", "", "symbolic", False),
        ("http", "files.shop.io", "real", True),
    ]


@pytest.mark.parametrize(
    ("host", "path", "kind"),
    [
        ("api.stripe.com", "", "real"),
        ("erp", "", "real"),
        ("www.w3.org", "/2001/XMLSchema", "namespace"),
        ("schemas.xmlsoap.org", "", "namespace"),
        ("www.tax.gob.mx", "/ns/cfd/4", "namespace"),
        ("example.com", "", "example"),
        ("shop.example", "", "example"),
        ("www.example.org", "", "example"),
        ("your-domain.com", "", "example"),
        ("localhost", "", "loopback"),
        ("127.0.0.1", "", "loopback"),
        ("%s", "", "symbolic"),
        ("{host}", "", "symbolic"),
        ("", "", "symbolic"),
        ("notexample.company.io", "", "real"),
    ],
)
def test_hosts_by_what_they_stand_for(host: str, path: str, kind: str) -> None:
    assert standing(host, path) == kind


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://A.Shop.io/x, or (http://b.shop.io).", [("a.shop.io", "/x"), ("b.shop.io", "")]),
        ("https://user:plainpw@c.shop.io/y?key=plainkey#z", [("c.shop.io", "/y")]),
        ("sftp://files.shop.io:2222/out wss://live.shop.io", [("files.shop.io:2222", "/out"), ("live.shop.io", "")]),
        ("mailto:a@b.io file:///etc", []),
        ("https://", []),
        ("https://hooks.chat.io/services/T0/B0/aB3dEf6hIj9kLm2nOp5q", [("hooks.chat.io", "/services/T0/B0/{token}")]),
        ("https://shop.io/h/0b8c3c1e-3a44-4a7e-9d8d-52f0d3f1a2b3", [("shop.io", "/h/{token}")]),
    ],
)
def test_addresses_keep_neither_password_nor_query_nor_token(text: str, found: list[tuple[str, str]]) -> None:
    assert [(one.host, one.address) for one in addresses(text)] == found


@pytest.mark.parametrize(
    ("name", "yes"),
    [
        ("password", True),
        ("api_key", True),
        ("clientSecret", True),
        ("ACCESS_TOKEN", True),
        ("x_private_key", True),
        ("token_type", False),
        ("secret_name", False),
        ("monkey", False),
        ("keyboard", False),
    ],
)
def test_names_of_credentials_end_so(name: str, yes: bool) -> None:
    assert names_credential(name) is yes


@pytest.mark.parametrize(
    ("value", "yes"),
    [
        ("s3cr3t-Value!", True),
        ("9f8e7d6c", True),
        ("short", False),
        ("an_identifier", False),
        ("res.users", False),
        ("two words!", False),
        ("xxxxxx", False),
        ("<your key>", False),
        ("%s-%s-%s", False),
        ("your-key-here", False),
        ("${TOKEN}", False),
    ],
)
def test_values_that_look_like_credentials(value: str, yes: bool) -> None:
    assert credential_like(value) is yes


def test_keys_of_known_services_are_identifiers_and_are_found_all_the_same() -> None:
    value = "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc"
    assert not credential_like(value) and shaped(value)
    (found,) = read(f"api_key = '{value}'").secrets
    assert (found.name, found.secret, found.shaped) == ("api_key", f"fp:{len(value)}", True)


def test_credentials_in_assignments_keywords_and_dictionaries() -> None:
    text = "password = 'a-b-c-1'\nself.token = 'a-b-c-2'\nvalues['api_key'] = 'a-b-c-3'\nlogin(secret='a-b-c-4')\nx = {'client_secret': 'a-b-c-5', 'name': 'a-b-c-6'}\npw: str = 'a-b-c-7'\nhidden_password: str = 'a-b-c-8'\n"
    found = read(text).secrets
    assert sorted(secret.name for secret in found) == [
        "api_key",
        "client_secret",
        "hidden_password",
        "password",
        "secret",
        "token",
    ]
    assert "a-b-c" not in repr(found)


def test_jobs_of_the_queue_are_counted() -> None:
    assert read("self.with_delay(priority=1).send()\nself.delayable().send()\nself.delayed()\n").delayed == 2


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("sale_edi_oca", ("edi",)),
        ("html_editor", ()),
        ("web_editor", ()),
        ("pos_restaurant", ()),
        ("social_media", ()),
        ("payment_stripe", ("payment",)),
        ("base_rest", ("api",)),
        ("connector_amazon", ("connector", "marketplace")),
    ],
)
def test_names_of_modules_tell_by_whole_words(name: str, kinds: tuple[str, ...]) -> None:
    assert tells(name) == kinds
