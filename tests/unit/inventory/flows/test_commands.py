"""What a command line reaches, and the secrets in it."""

from __future__ import annotations

import pytest

from retailctl.inventory.flows.commands import method_of, reached_by, secrets_of, without_secrets


@pytest.mark.parametrize(
    ("command", "reached"),
    [
        ("curl https://a.example/x", [("GET", "https://a.example/x")]),
        ("curl -d @f https://a.example/x && curl -I https://b.example", [("POST", "https://a.example/x"), ("HEAD", "https://b.example")]),
        ("wget -qO- http://a.example/feed.xml | import", [("GET", "http://a.example/feed.xml")]),
        ("/opt/run.sh --url https://a.example/x", [("", "https://a.example/x")]),
        ("scp -i key -P 22 a.csv edi@files.example:/in/a.csv", [("", "sftp://files.example/in")]),
        ("sftp -b batch edi@files.example", [("", "sftp://files.example")]),
        ("rsync -az -e 'ssh -p 2222' out/ files.example:in/", [("", "sftp://files.example/in/")]),
        ("lftp -c 'open ftp://u@f.example/in; put x'", [("", "ftp://f.example/in")]),
        ("psql --host=pg.example -U x -d shop -c 'select 1'", [("", "postgresql://pg.example/shop")]),
        ("psql -h /var/run/postgresql shop", []),
        ("PGPASSWORD=x pg_dump -hpg.example shop", [("", "postgresql://pg.example")]),
        ("mysqldump -h $HOST shop", [("", "mysql://db.example")]),
        ("sqlcmd -S sql.example -d shop", [("", "mssql://sql.example/shop")]),
        ("cp a:b c", []),
        ("echo 'unbalanced", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_command_reaches_what_it_names(command: str, reached: list[tuple[str, str]]) -> None:
    found = [(one.method, one.target.url.clean) for one in reached_by(command, {"HOST": "db.example"})]
    assert found == reached


@pytest.mark.parametrize(
    ("part", "method"),
    [("-X put x", "PUT"), ("-XDELETE x", "DELETE"), ("--request=patch x", "PATCH"), ("-G -d x=1", "GET"),
     ("--json '{}'", "POST"), ("-T file x", "PUT"), ("--head", "HEAD"), ("", "GET")],
)  # fmt: skip
def test_the_method_is_what_curl_would_send(part: str, method: str) -> None:
    assert method_of(f"curl {part}") == method


@pytest.mark.parametrize(
    ("command", "secret"),
    [
        ("curl -u joe:s3cret-a https://x.example", "s3cret-a"),
        ("curl -H 'X-Api-Key: s3cret-b' https://x.example", "s3cret-b"),
        ("curl -H \"Authorization: Bearer s3cret-c\" https://x.example", "s3cret-c"),
        ("run --password s3cret-d", "s3cret-d"),
        ("run --api-key=s3cret-e", "s3cret-e"),
        ("PGPASSWORD=s3cret-f psql -h x", "s3cret-f"),
        ("mysqldump -ps3cret-g -h x shop", "s3cret-g"),
        ("sshpass -ps3cret-h sftp a@b.example", "s3cret-h"),
        ("run https://u:s3cret-i@x.example/y", "s3cret-i"),
    ],
)  # fmt: skip
def test_a_secret_is_found_and_masked(command: str, secret: str) -> None:
    assert secret in [found for _, found in secrets_of(command)]
    assert secret not in without_secrets(command)


@pytest.mark.parametrize(
    "command",
    [
        "run --password $PASSWORD",
        "run --token-file /etc/token",
        "curl -u $U:$P https://x.example",
        "mysqldump -p shop",
        "mkdir -pv /x",
    ],
)
def test_a_reference_is_no_secret(command: str) -> None:
    assert list(secrets_of(command)) == []
    assert without_secrets(command) == command
