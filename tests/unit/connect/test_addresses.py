"""What a host is called decides where its name may lead."""

from __future__ import annotations

import pytest

from retailctl.connect.addresses import is_loopback, may_reach, resolve


@pytest.mark.parametrize(
    ("host", "answer", "named", "may"),
    [
        ("schemas.example", "93.184.216.34", (), True),
        ("schemas.example", "2606:2800:220:1::1", (), True),
        ("schemas.example", "10.1.2.3", (), False),
        ("schemas.example", "10.1.2.3", ("10.1.2.3",), True),
        ("schemas.example", "127.0.0.1", (), False),
        ("schemas.example", "169.254.169.254", (), False),
        ("schemas.example", "::1", (), False),
        ("schemas.example", "fe80::1%eth0", (), False),
        ("schemas.example", "fd00::1", (), False),
        ("schemas.example", "::ffff:10.0.0.1", (), False),
        ("schemas.example", "2002:a00:1::", (), False),
        ("schemas.example", "64:ff9b::a00:1", (), False),
        ("schemas.example", "0.0.0.0", (), False),
        ("schemas.example", "224.0.0.1", (), False),
        ("schemas.example", "100.64.0.1", (), False),
        ("schemas.example", "not an address", (), False),
        ("localhost", "127.0.0.1", (), True),
        ("localhost", "::1", (), True),
        ("localhost", "10.0.0.1", (), False),
        ("schemas", "10.0.0.1", (), True),
        ("schemas.corp", "192.168.1.1", (), True),
        ("schemas.corp", "127.0.0.1", (), False),
        ("metadata.google.internal", "169.254.169.254", (), False),
        ("10.0.0.1", "10.0.0.1", (), True),
        ("10.0.0.1", "10.0.0.2", (), False),
        ("127.0.0.1", "127.0.0.1", (), True),
    ],
)
def test_where_a_name_may_lead(host: str, answer: str, named: tuple[str, ...], may: bool) -> None:
    assert may_reach(host, answer, named) is may


@pytest.mark.parametrize(
    ("host", "own"),
    [("localhost", True), ("a.localhost", True), ("127.9.9.9", True), ("::1", True), ("::ffff:127.0.0.1", True),
     ("localhost.example", False), ("10.0.0.1", False), ("mylocalhost", False)],
)  # fmt: skip
def test_this_machine(host: str, own: bool) -> None:
    assert is_loopback(host) is own


def test_a_name_that_cannot_be_written_is_an_error_of_the_network() -> None:
    def broken(host: str, port: int) -> list[str]:
        raise UnicodeError

    with pytest.raises(OSError, match="cannot be looked up"):
        resolve("x" * 300, 443, 1.0, broken)
