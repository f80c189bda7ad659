"""Everything we decline is problem JSON, and every answer carries its headers."""

import logging
from dataclasses import replace

import pytest
from werkzeug.test import TestResponse

from bot.bootstrap import build
from bot.settings import Settings
from bot.wsgi import application
from core.rules.masking import hide_numbers
from tests.web.conftest import Api, Caller
from web import create_app


def problem(answer: TestResponse, status: int, name: str) -> dict[str, object]:
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    body: dict[str, object] = answer.json
    assert body["type"] == f"/api/docs#{name}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer x",
        "Bearer ld_" + "A" * 43,
        "Basic YTpi",
        "Bearer ld_\xff",
        "bearer\tld_",
        "ld_x",
    ],
)
def test_without_a_valid_token_nothing_is_answered(still: Api, header: str | None) -> None:
    headers = {} if header is None else {"Authorization": header}
    for path in ("leads", "leads/L1", "members", "leads?nonsense=1"):
        answer = still.client.get(f"/api/v1/{path}", headers=headers)
        problem(answer, 401, "unauthorized")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer ")


def test_a_token_in_the_address_is_not_read(still: Api) -> None:
    token = still.as_("张伟").token
    problem(still.client.get(f"/api/v1/leads?access_token={token}"), 401, "unauthorized")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ({"limit": "0"}, "limit"),
        ({"limit": "201"}, "limit"),
        ({"limit": "-1"}, "limit"),
        ({"limit": "ten"}, "limit"),
        ({"limit": ""}, "limit"),
        ({"limit": "9" * 5000}, "limit"),
        ({"limit": ["1", "2"]}, "limit"),
        ({"pool": "maybe"}, "pool"),
        ({"q": "a" * 201}, "q"),
        ({"q": "a\0b"}, "q"),
        ({"owner": "wecom:lina"}, "owner"),
        ({"Limit": "5"}, "Limit"),
        ({"offset": "5"}, "offset"),
    ],
)
def test_a_wrong_or_unknown_parameter_is_named(still: Api, query: dict[str, str], name: str) -> None:
    body = problem(still.as_("张伟").get("leads", **query), 422, "invalid-parameters")
    [error] = body["errors"]  # type: ignore[misc]
    assert error["name"] == name  # type: ignore[index]
    assert error["reason"]  # type: ignore[index]


def test_an_item_takes_no_parameters_and_only_leads_have_a_pool(still: Api) -> None:
    problem(still.as_("张伟").get("leads/L1", q="x"), 422, "invalid-parameters")
    problem(still.as_("张伟").get("accounts", pool="true"), 422, "invalid-parameters")


def test_an_error_never_repeats_what_was_sent(still: Api) -> None:
    secret = "13912345678"
    for query in ({"limit": secret}, {"cursor": secret}, {"pool": secret}, {"q": secret * 30}):
        assert secret not in still.as_("张伟").get("leads", **query).text


@pytest.mark.parametrize(
    "path", ["/nothing", "/api/v1/", "/api/v1/quotes2", "/api/v1/leads/", "/api/v1/leads/L1/x", "/api"]
)
def test_an_unknown_address_is_a_problem(still: Api, path: str) -> None:
    problem(still.client.get(path), 404, "not-found")


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a_wrong_method_is_a_problem_that_says_what_is_allowed(still: Api, method: str) -> None:
    for path in ("/api/v1/leads", "/api/v1/leads/L1", "/healthz", "/"):
        answer = still.client.open(path, method=method)
        problem(answer, 405, "method-not-allowed")
        assert "GET" in answer.headers["Allow"]


def test_head_and_options_are_sane(still: Api) -> None:
    headers = {"Authorization": f"Bearer {still.as_('张伟').token}"}
    head = still.client.head("/api/v1/leads", headers=headers)
    assert (head.status_code, head.data) == (200, b"")
    assert still.client.head("/api/v1/leads").status_code == 401
    options = still.client.options("/api/v1/leads")
    assert (options.status_code, options.data) == (200, b"")
    assert set(options.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert "Access-Control-Allow-Origin" not in options.headers


def test_a_bug_shows_nothing_and_logs_where_it_was_but_not_what_it_said(
    still: Api, caplog: pytest.LogCaptureFixture
) -> None:
    class Broken:
        def reader(self, member_id: object) -> object:
            raise RuntimeError("13912345678 密码 secret")

    app = create_app(replace(still.world.program.site, browse=Broken()))  # type: ignore[arg-type]
    with caplog.at_level(logging.ERROR):
        answer = Caller(app.test_client(), still.as_("张伟").token).get("leads")
    problem(answer, 500, "internal-error")
    for said in (answer.text, caplog.text):
        assert "secret" not in said
        assert "13912345678" not in said
    assert "RuntimeError" in caplog.text
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "path", ["/", "/console/", "/api/docs", "/healthz", "/metrics", "/api/v1/openapi.json", "/api/v1/leads", "/nothing"]
)
def test_every_answer_is_protected(still: Api, path: str) -> None:
    headers = still.client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "Set-Cookie" not in headers


def test_the_home_page_says_what_runs_here_and_what_does_not(still: Api) -> None:
    for path in ("/", "/console", "/console/"):
        page = still.client.get(path)
        assert page.status_code == 200
        assert "还没有做好" in page.text
        for link in ("/api/docs", "/healthz", "/readyz"):
            assert f'href="{link}"' in page.text
    for asset in ("page.css", "icon.svg"):
        with still.client.get(f"/static/{asset}") as answer:
            assert answer.status_code == 200
    for climb in ("/static/../api.py", "/static/%2e%2e/api.py", "/static/..%2fapi.py"):
        assert still.client.get(climb).status_code == 404


def test_health_tells_life_from_readiness(still: Api) -> None:
    ready = create_app(replace(still.world.program.site, readiness=dict)).test_client()
    assert ready.get("/healthz").json == {"status": "ok"}
    assert (ready.get("/readyz").status_code, ready.get("/readyz").json) == (200, {"status": "ready"})


def test_a_database_out_of_reach_is_told_with_its_reason() -> None:
    program = build(Settings(database_url="postgresql://nobody@127.0.0.1:1/none?connect_timeout=1", _env_file=None))
    client = create_app(program.site).test_client()
    assert client.get("/healthz").status_code == 200
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "database" in answer.json["reasons"]
    figures = client.get("/metrics")
    assert figures.status_code == 200
    assert "liaodan_gauges_readable 0.0" in figures.text
    problem(Caller(client, "ld_" + "A" * 43).get("leads"), 503, "unavailable")
    program.close()


def test_a_check_that_fails_itself_is_a_reason(still: Api) -> None:
    def fails() -> dict[str, str]:
        raise OSError("/secret/path")

    answer = create_app(replace(still.world.program.site, readiness=fails)).test_client().get("/readyz")
    assert answer.status_code == 503
    assert "OSError" in answer.json["reasons"]["check"]
    assert "secret" not in answer.text


def test_metrics_count_what_waits_and_what_was_answered(still: Api) -> None:
    still.as_("张伟").get("leads/L999")
    figures = still.client.get("/metrics")
    assert figures.mimetype == "text/plain"
    assert "liaodan_inbox_pending 0.0" in figures.text
    assert 'liaodan_http_seconds_count{route="/api/v1/leads/<ref>",status="404"}' in figures.text
    assert "ld_" not in figures.text


def test_the_whole_web_process_serves_it(still: Api) -> None:
    from werkzeug.test import Client

    client = Client(application(still.world.program))
    assert client.get("/healthz").status_code == 200
    assert client.get("/api/v1/leads").status_code == 401


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("找王总 13900000009", "找王总 139****0009"),
        ("电话13900000009转2", "电话139****0009转2"),
        ("+86 139 0000 0009", "139****0009"),
        ("139-0000-0009", "139****0009"),
        ("１３９０００００００９", "139****0009"),
        ("0512-68881234 和 400-820-8820", "051****1234 和 40****20"),
        ("w@example.com", "***"),
        (
            "报价 128000 元，2026-03-05，订单 20260305139000000091",
            "报价 128000 元，2026-03-05，订单 20260305139000000091",
        ),
        ("ＡＢ 全角保留", "ＡＢ 全角保留"),
    ],
)
def test_numbers_in_free_text_are_masked_and_nothing_else(text: str, shown: str) -> None:
    assert hide_numbers(text) == shown
