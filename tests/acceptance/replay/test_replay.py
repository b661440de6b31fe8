"""Two real services with planted regressions, noise and latency: found and not found as planted."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from retailctl import api
from retailctl.cli.main import main
from retailctl.errors import ConfigError, UsageError
from retailctl.model.report import Report
from tests.support.replay import Asked, Behaviour, Reply, replayed, service, workspace

GET: list[dict[str, Any]] = [{"url": f"https://shop.example/orders/{1000 + number}?full=1"} for number in range(120)]
ROUTES = [{"method": "GET", "path": "/orders/{id}"}]
SMALL: dict[str, Any] = {"noise": {"pairs": 0}}


def always(body: Any, status: int = 200, *headers: tuple[str, str]) -> Behaviour:
    return lambda _: Reply(body, status, headers)


def order(asked: Asked) -> dict[str, Any]:
    """The facts of an order: the same for everybody who asks."""
    rng = random.Random(asked.path)
    lines = [{"no": number, "sku": f"S{rng.randrange(99)}", "qty": rng.randrange(1, 9), "price": rng.randrange(9999) / 100}
             for number in range(3)]  # fmt: skip
    return {
        "order_id": asked.path.rpartition("/")[2],
        "customer": {"email": f"{rng.random()}@mail.example"},
        "lines": lines,
    }


def noisy(seed: str, asked: Asked, body: dict[str, Any]) -> dict[str, Any]:
    """What every answer has anew; legacy does not repeat itself either."""
    rng = random.Random(f"{seed} {asked.path} {asked.again}")
    meta = {"trace": str(UUID(int=rng.getrandbits(128))), "node": rng.randrange(4), "cached": rng.random() < 0.2}
    return {**body, "meta": meta}


def legacy_for(seed: str) -> Behaviour:
    return lambda asked: Reply(noisy(f"legacy {seed}", asked, order(asked)))


def planted(asked: Asked) -> dict[str, Any]:
    body = order(asked)
    number = int(body["order_id"])
    if number % 10 == 0:
        body["lines"][1]["qty"] += 1
    if number % 15 == 1:
        body["lines"][2]["price"] = round(body["lines"][2]["price"] + 0.01, 2)
    if number % 20 == 2:
        del body["customer"]["email"]
    if number % 30 == 3:
        body["lines"].reverse()
    return body


def order_qty(number: int) -> int:
    """The quantity in the second line of an order."""
    asked = Asked("GET", f"/orders/{number}", {}, b"", 0)
    return int(order(asked)["lines"][1]["qty"])


def by_rule(report: Report) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for one in report.findings:
        found.setdefault(one.rule, []).append(one.subject.removeprefix("GET /orders/{id} "))
    return found


def test_noise_alone_raises_no_alarm_over_20_seeds(tmp_path: Path) -> None:
    seed = 0

    def side(name: str) -> Behaviour:
        def answer(asked: Asked) -> Reply:
            return legacy_for(f"{name} {seed}")(asked)

        return answer

    with service(side("legacy")) as legacy, service(side("new")) as new:
        workspace(tmp_path, legacy.url, new.url, GET[:60], routes=ROUTES)
        for seed in range(20):
            report = api.parallel_replay("orders", tmp_path)
            run = report.summary.replay
            assert run is not None
            assert (seed, run.verdict, report.summary.exit_code, report.findings) == (seed, "pass", 0, ())
            assert (run.compared, run.pairs) == (60, 60)
            assert run.classes.keys() <= {"EQUAL", "NOISE"}
            assert run.bound == pytest.approx(3 / 60)
            assert run.routes[0].noisy == ("meta.cached", "meta.node", "meta.trace")
    assert len(legacy.asked) == 20 * 120


def test_planted_regressions_are_found_and_nothing_else(tmp_path: Path) -> None:
    def new(asked: Asked) -> Reply:
        return Reply(noisy("new", asked, planted(asked)))

    report, *_ = replayed(
        tmp_path, legacy_for("x"), new, GET, routes=ROUTES, lists={"lines": "keyed(no)"}, workers=6,
        fields=[{"path": "lines[].qty", "pii": "none", "severity": "stock"}],
    )  # fmt: skip
    assert (report.summary.verdict, report.summary.exit_code) == ("fail", 1)
    assert by_rule(report) == {"RPL-05": ["lines[].price", "lines[].qty"], "RPL-06": ["customer.email"]}
    price, qty, email = report.findings
    assert qty.message.startswith("GET /orders/{id} lines[].qty differs in 12 of 120 requests; ")
    assert "ROUNDING 8" in price.message
    assert "6 of 120 requests" in email.message
    assert "legacy never differed from itself here in 120 pairs" in qty.message
    run = report.summary.replay
    assert run is not None
    assert run.classes["FIELD"] == 12 + 8 + 6 - 2 - 0 - sum(n % 10 == 0 and n % 15 == 1 for n in range(1000, 1120)) + 2
    assert "legacy 3, new 4" in " ".join(one.text for one in qty.evidence) or all(
        "legacy" in one.text for one in qty.evidence
    )
    assert "a number" in price.evidence[0].text
    assert "p:" in email.evidence[0].text
    assert email.evidence[0].location is not None
    assert email.evidence[0].location.path == "captures/orders.ndjson"


def test_a_shape_that_changes_in_a_field_that_is_always_new(tmp_path: Path) -> None:
    def new(asked: Asked) -> Reply:
        body = noisy("new", asked, order(asked))
        body["meta"]["trace"] = body["meta"]["trace"].replace("-", "")
        return Reply(body)

    report, *_ = replayed(tmp_path, legacy_for("x"), new, GET, routes=ROUTES)
    assert by_rule(report) == {"RPL-11": ["meta.trace"]}
    assert "hex instead of uuid" in report.findings[0].message


def test_missing_extra_and_other_status(tmp_path: Path) -> None:
    def legacy(asked: Asked) -> Reply:
        return Reply({}, 404) if asked.path.endswith("3") else Reply(order(asked))

    def new(asked: Asked) -> Reply:
        last = asked.path[-1]
        return Reply({}, 404 if last == "1" else 500) if last in "12" else Reply(order(asked))

    report, *_ = replayed(tmp_path, legacy, new, GET, routes=ROUTES)
    run = report.summary.replay
    assert run is not None
    assert run.classes == {"EQUAL": 84, "MISSING_IN_NEW": 12, "EXTRA_IN_NEW": 12, "STATUS": 12}
    assert by_rule(report) == {rule: ["status"] for rule in ("RPL-01", "RPL-02", "RPL-03")}
    assert "200 became 500" in report.findings[2].message


def test_latency_is_told_apart_from_the_verdict(tmp_path: Path) -> None:
    def slow(asked: Asked) -> Reply:
        time.sleep(0.1)
        return Reply({})

    report, *_ = replayed(tmp_path, always({}), slow, GET[:8], noise={"pairs": 0}, workers=8)
    run = report.summary.replay
    assert run is not None
    assert run.verdict == "pass"
    assert run.routes[0].new.p50 >= 100
    assert run.routes[0].new.p50 > run.routes[0].legacy.p50


POST = {"method": "POST", "url": "/orders", "body": {"sku": "A"}}
ALLOWED = {
    "method": "POST",
    "path": "/orders",
    "allow_unsafe": True,
    "sandbox": True,
    "idempotency_header": "Idempotency-Key",
}


@pytest.mark.parametrize("left_out", ["allow_unsafe", "sandbox", "idempotency_header", "method", "path"])
def test_a_method_that_changes_something_is_never_sent_without_every_allowance(left_out: str, tmp_path: Path) -> None:
    row = {key: value for key, value in ALLOWED.items() if key != left_out}
    row.setdefault("path", "/others")
    requests = [{**POST, "method": method} for method in ("POST", "PUT", "PATCH", "DELETE", "PURGE")] + GET[:3]
    report, legacy, new = replayed(tmp_path, always({}), always({}), requests, routes=[row], **SMALL)
    assert {one.method for one in (*legacy.asked, *new.asked)} == {"GET"}
    run = report.summary.replay
    assert run is not None
    assert sum(run.not_sent.values()) == 5
    assert run.verdict == "unknown", "a route of the plan was not compared"


def test_what_is_allowed_is_sent_once_to_each_side_with_a_key(tmp_path: Path) -> None:
    report, legacy, new = replayed(tmp_path, always({}), always({}), [POST, POST], routes=[ALLOWED])
    assert report.summary.exit_code == 0
    for one in (legacy, new):
        assert [asked.body for asked in one.asked] == [b'{"sku":"A"}'] * 2
        assert len({asked.headers["idempotency-key"] for asked in one.asked}) == 2
    assert {a.headers["idempotency-key"] for a in legacy.asked} == {a.headers["idempotency-key"] for a in new.asked}


def test_where_legacy_must_not_be_asked_twice_every_difference_counts(tmp_path: Path) -> None:
    report, *_ = replayed(tmp_path, always({"n": 1}), always({"n": 2}), [POST], routes=[ALLOWED])
    assert [(one.rule, one.verdict) for one in report.findings] == [("RPL-05", "fail")]
    assert "noise was not measured" in report.findings[0].message


def test_few_requests_leave_a_difference_open(tmp_path: Path) -> None:
    report, *_ = replayed(tmp_path, always({"n": 1}), always({"n": 2}), GET[:5])
    assert (report.summary.verdict, report.summary.exit_code) == ("unknown", 3)
    assert [(one.rule, one.verdict) for one in report.findings] == [("RPL-12", "unknown")]


def test_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETAILCTL_KEY", "k" * 32)
    with service(always({"n": 1})) as legacy, service(always({"n": 1})) as new, service(always({"n": 2})) as other:
        workspace(tmp_path, legacy.url, new.url, GET[:3], **SMALL)
        command = ["parallel", "replay", "orders", "--root", str(tmp_path), "-q"]
        assert main([*command, "--rate", "max", "--workers", "2"]) == 0
        workspace(tmp_path, legacy.url, other.url, GET[:3], **SMALL)
        assert main(command) == 1
        assert "error RPL-05 GET /orders/{} n: GET /orders/{} n differs in 3 of 3 requests" in capsys.readouterr().out
        assert main([*command, "--exit-zero", "-f", "sarif"]) == 0
        assert "RPL-05" in capsys.readouterr().out
        (tmp_path / "more.log").write_text('h - - [20/Nov/2026:10:00:00 +0000] "POST /o HTTP/1.1" 200 1 "-" "-"\n')
        assert main([*command, "--requests", str(tmp_path / "more.log")]) == 3
    capsys.readouterr()
    for wrong in (
        ["--rate", "often"],
        ["--workers", "0"],
        ["--offline"],
        ["--requests", "none.har"],
        ["--requests", "a.txt"],
    ):
        assert main([*command, *wrong]) == 2, wrong
        assert "hint:" in capsys.readouterr().err
    main([*command, "--no-record"])
    assert len(list((tmp_path / "migrations/w1/evidence").glob("ev-parallel-orders-*.yaml"))) == 3


def test_ids_that_each_side_makes_are_one_thing_in_later_requests(tmp_path: Path) -> None:
    def shop(first: int) -> Behaviour:
        made: list[int] = []

        def answer(asked: Asked) -> Reply:
            if asked.method == "POST":
                made.append(first + len(made))
                return Reply({"order": {"id": made[-1], "sku": "A"}}, 201)
            known = int(asked.path.rpartition("/")[2]) in made and asked.target.endswith(f"?ref={asked.path[8:]}")
            return Reply({"id": int(asked.path[8:]), "paid": False}) if known else Reply({}, 404)

        return answer

    recorded: list[dict[str, Any]] = [
        {**POST, "response": {"body": {"order": {"id": 77}}}},
        {"url": "/orders/77?ref=77"},
    ]
    report, legacy, new = replayed(
        tmp_path, shop(500), shop(9000), recorded, routes=[ALLOWED, *ROUTES], workers=4, noise={"pairs": 0},
        correlate=[{"path": "order.id", "into": ["path", "query.ref"]}],
    )  # fmt: skip
    assert legacy.asked[1].target == "/orders/500?ref=500"
    assert new.asked[1].target == "/orders/9000?ref=9000"
    assert (report.summary.verdict, report.findings) == ("pass", ())


def test_a_redirect_is_an_answer_and_is_not_followed(tmp_path: Path) -> None:
    def moved(asked: Asked) -> Reply:
        return Reply({}, 302, (("Location", "/elsewhere"),))

    report, legacy, new = replayed(tmp_path, moved, moved, GET[:5], **SMALL)
    assert {one.path for one in (*legacy.asked, *new.asked)} == {f"/orders/{number}" for number in range(1000, 1005)}
    assert report.summary.verdict == "pass"
    other, *_ = replayed(tmp_path, moved, always({}, 302, ("Location", "/x")), GET[:5], **SMALL)
    assert [one.subject for one in other.findings] == ["GET /orders/{} header location"]


def test_own_addresses_of_the_two_sides_stand_for_each_other(tmp_path: Path) -> None:
    def linked(asked: Asked) -> Reply:
        return Reply({"self": f"http://{asked.headers['host']}{asked.path}"})

    report, *_ = replayed(tmp_path, linked, linked, GET[:5], **SMALL)
    assert report.summary.verdict == "pass"


def test_secrets_are_left_out_and_come_from_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RETAILCTL_NEW_AUTH", "Bearer fresh-1")
    recorded = [{
        "url": "https://old.example/orders/1?access_token=tok-99&full=1",
        "headers": {"Authorization": "Bearer stolen", "Cookie": "a=b", "X-Api-Key": "k", "Accept-Language": "de", "If-None-Match": "x"},
    }]  # fmt: skip
    with service(always({})) as legacy, service(always({})) as new:
        auth = {"base_url": new.url, "headers_env": {"Authorization": "RETAILCTL_NEW_AUTH"}}
        workspace(tmp_path, legacy.url, new.url, recorded, new=auth, **SMALL)
        report = api.parallel_replay("orders", tmp_path)
    assert legacy.asked[0].target == "/orders/1?full=1"
    assert not {"authorization", "cookie", "x-api-key", "if-none-match"} & legacy.asked[0].headers.keys()
    assert legacy.asked[0].headers["accept-language"] == "de"
    assert new.asked[0].headers["authorization"] == "Bearer fresh-1"
    assert any("secret in the query" in text for text in report.notices)


def test_accepted_differences_have_an_end_and_a_budget(tmp_path: Path) -> None:
    row = {"path": "v", "reason": "new tax", "owner": "team-tax", "expires": "2026-12-31", "max_requests": 10}
    sides = (always({"v": 1}), always({"v": 2}))
    report, *_ = replayed(tmp_path, sides[0], sides[1], GET[:10], accepted=[row], **SMALL)
    assert (report.summary.verdict, report.summary.waived) == ("pass", 1)
    over, *_ = replayed(tmp_path, sides[0], sides[1], GET[:11], accepted=[row], **SMALL)
    assert over.summary.verdict == "fail"
    assert "for 10 requests" in over.findings[0].message
    late, *_ = replayed(tmp_path, sides[0], sides[1], GET[:5], accepted=[{**row, "expires": "2020-01-01"}], **SMALL)
    assert "which is over" in late.findings[0].message


def test_what_a_plan_calls_minor_or_near_fails_nothing(tmp_path: Path) -> None:
    rows = [{"path": "v", "severity": "info"}, {"path": "net", "compare": "minor_units"}]
    sides = always({"v": 1, "net": 1.00}), always({"v": 2, "net": 1.01})
    report, *_ = replayed(tmp_path, sides[0], sides[1], GET[:4], fields=rows, **SMALL)
    assert report.summary.replay is not None
    assert (report.summary.verdict, report.summary.replay.classes) == ("pass", {"MINOR": 4})
    assert [(one.subject, one.severity) for one in report.findings] == [("GET /orders/{} v", "warn")]
    assert report.summary.replay.bound is None


def test_nothing_compared_is_never_a_pass(tmp_path: Path) -> None:
    refused = always({}, 401)
    report, *_ = replayed(tmp_path, refused, refused, GET[:5], routes=ROUTES, **SMALL)
    assert (report.summary.verdict, report.summary.exit_code) == ("unknown", 3)
    empty, *_ = replayed(tmp_path, refused, refused, [], **SMALL)
    assert (empty.summary.verdict, empty.summary.exit_code) == ("unknown", 3)


def test_a_side_that_is_not_there_ends_the_run(tmp_path: Path) -> None:
    with service(always({})) as gone:
        pass
    with service(always({})) as legacy:
        workspace(tmp_path, legacy.url, gone.url, GET, workers=1, **SMALL)
        report = api.parallel_replay("orders", tmp_path)
    assert (report.summary.verdict, report.summary.exit_code) == ("unknown", 3)
    assert len(legacy.asked) <= 21
    assert any("did not reach it" in text for text in report.notices)
    assert report.summary.replay is not None
    assert sum(report.summary.replay.not_sent.values()) >= 99


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"legacy": {"base_url": "http://user:pw@127.0.0.1:1"}}, "user or password"),
        (
            {"legacy": {"base_url": "http://legacy.shop.example"}, "allow_hosts": ["legacy.shop.example", "127.0.0.1"]},
            "read on the way",
        ),
        ({"allow_hosts": ["other.example"]}, "allow_hosts"),
        ({"legacy": {"base_url": "ftp://127.0.0.1"}}, "not an address"),
        ({"legacy": {"base_url": "http://127.0.0.1:99999"}}, "not a valid address"),
        ({"legacy": {"base_url": "http://127.0.0.1:2"}, "new": {"base_url": "http://127.0.0.1:2/"}}, "same address"),
        (
            {"legacy": {"base_url": "http://127.0.0.1:1", "headers_env": {"X": "AWS_SECRET_ACCESS_KEY"}}},
            "not a variable",
        ),
        ({"legacy": {"base_url": "http://127.0.0.1:1", "headers_env": {"X": "RETAILCTL_KEY"}}}, "not a variable"),
        ({"requests": {}}, "names no file"),
        ({"requests": {"har": "a", "ndjson": "b"}}, "names 2 files"),
        ({"lists": {"a": "keyed()"}}, "not a way to match"),
        ({"correlate": [{"path": "id", "into": ["cookie"]}]}, "not a place"),
        ({"rate": "fast"}, "rate"),
        ({"rate": "0"}, "no pace"),
        ({"noise": {"pairs": 10}}, "fewer pairs than noise.least"),
        ({"routes": [{"path": "orders"}]}, "not the path"),
        ({"routes": [{"path": "/a"}, {"path": "/a"}]}, "twice"),
        ({"kind": "table"}, "kind: table"),
        ({"ratte": 1}, "unknown key ratte"),
    ],
)
def test_a_wrong_plan_is_told_with_its_place(change: dict[str, Any], message: str, tmp_path: Path) -> None:
    workspace(tmp_path, "http://127.0.0.1:1", "http://127.0.0.1:2", GET[:1], **change)
    with pytest.raises(ConfigError) as caught:
        api.parallel_replay("orders", tmp_path)
    assert message in str(caught.value)
    assert "orders.yaml:" in str(caught.value)
    assert "pw" not in str(caught.value)
    assert caught.value.hint


def test_a_plan_is_found_by_name_and_by_path(tmp_path: Path) -> None:
    same = always({})
    with service(same) as legacy, service(same) as new:
        workspace(tmp_path, legacy.url, new.url, GET[:2], **SMALL)
        path = tmp_path / "migrations/w1/parallel/orders.yaml"
        assert api.parallel_replay(str(path)).summary.verdict == "pass"
        alone = tmp_path / "alone"
        (alone / "captures").mkdir(parents=True)
    with pytest.raises(UsageError, match="no plan 'ordres'"):
        api.parallel_replay("ordres", tmp_path)
    (tmp_path / "migrations/w2/parallel").mkdir(parents=True)
    (tmp_path / "migrations/w2/parallel/orders.yaml").write_text(path.read_text())
    with pytest.raises(UsageError, match="two plans"):
        api.parallel_replay("orders", tmp_path)


def test_what_stops_a_replay_before_it_sends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RETAILCTL_A", raising=False)
    auth = {"base_url": "http://127.0.0.1:1", "headers_env": {"Authorization": "RETAILCTL_A"}}
    workspace(tmp_path, "", "http://127.0.0.1:2", GET[:1], legacy=auth)
    with pytest.raises(UsageError, match="RETAILCTL_A is not set"):
        api.parallel_replay("orders", tmp_path)
    monkeypatch.setenv("RETAILCTL_A", "a\r\nInjected: yes")
    with pytest.raises(UsageError, match="no header can carry") as caught:
        api.parallel_replay("orders", tmp_path)
    assert "Injected" not in str(caught.value)
    monkeypatch.setenv("RETAILCTL_A", "fine")
    with pytest.raises(UsageError, match="--offline"):
        api.parallel_replay("orders", tmp_path, api.ReplayOptions(offline=True))
    with pytest.raises(UsageError, match="--rate"):
        api.parallel_replay("orders", tmp_path, api.ReplayOptions(rate="often"))
    (tmp_path / "captures/orders.ndjson").unlink()
    with pytest.raises(ConfigError, match=r"orders\.yaml:4:5: there is no file captures/orders\.ndjson"):
        api.parallel_replay("orders", tmp_path)


def test_values_of_answers_appear_nowhere(tmp_path: Path) -> None:
    email, name = "anna.lindqvist@mail.example", "Lindqvist-Oyelaran"
    legacy = always({"email": email, "by_name": {name: 4711.25}, email: 1, "n": {"v": "anna.lindqvist"}})
    new = always({"email": email.upper(), "by_name": {name: 815.75}, f"{email}x": 1, "n": {"v": 1}})
    report, *_ = replayed(
        tmp_path, legacy, new, [{"url": f"/customers/{email}?name={name}"}], maps=["by_name"], **SMALL
    )
    from retailctl.report.formats import FORMATS, render

    for format in FORMATS:
        text = "".join(render(report, format))
        assert not [secret for secret in (email, name, "4711", "815.75", "lindqvist") if secret in text], format
    again, *_ = replayed(tmp_path, legacy, new, [{"url": "/c"}], maps=["by_name"], **SMALL)
    names = (
        [[one.text for one in f.evidence if "p:" in one.text] for f in report.findings],
        [[one.text for one in f.evidence if "p:" in one.text] for f in again.findings],
    )
    assert names[0] == names[1] != [[] for _ in names[0]], "equal values have equal names in every run"


def test_every_page_for_people_shows_the_routes(tmp_path: Path) -> None:
    from retailctl.report.formats import render

    report, *_ = replayed(tmp_path, always({"a": 1}), always({"a": 1}), GET[:6], **SMALL)
    for format in ("text", "markdown", "html"):
        text = "".join(render(report, format)).replace("&lt;", "<")
        assert "GET /orders/{}" in text, format
        assert "6 equal" in text, format
        assert "95 % confidence at most 50.00%" in " ".join(text.split()).replace(
            "95 % Confidence", "95 % confidence"
        ), format


def test_the_report_in_json_follows_its_schema(tmp_path: Path) -> None:
    from jsonschema import Draft202012Validator

    from retailctl.report.json_report import document

    report, *_ = replayed(tmp_path, always({"a": 1}), always({"a": 2}), [*GET[:5], POST], **SMALL)
    data = json.loads(json.dumps(document(report)))
    Draft202012Validator(api.schema("report")).validate(data)
    assert data["summary"]["replay"]["classes"] == {"FIELD": 5}
