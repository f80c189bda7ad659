"""`liaodan token`: made for a member, listed without itself, stopped at once."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.bootstrap import build
from bot.command.root import liaodan
from bot.settings import Settings
from tests.web.conftest import Caller
from web import create_app


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LIAODAN_DATA", str(tmp_path))
    monkeypatch.setenv("LIAODAN_ADMINS", "wecom:ZhangWei")
    monkeypatch.setattr("bot.logs.set_up", lambda: None)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(liaodan, ["token", *words])


def test_a_token_opens_the_api_until_it_is_revoked(data: Path) -> None:
    made = run("create", "--as", "wecom:zhangwei", "--days", "7", "--json")
    assert made.exit_code == 0
    answer = json.loads(made.output)
    assert answer.keys() == {"token", "as"}
    assert answer["as"] == "wecom:zhangwei"

    program = build(Settings(data=data, _env_file=None))
    caller = Caller(create_app(program.site).test_client(), answer["token"])
    assert caller.get("members").status_code == 200
    assert program.site.readiness() == {}
    assert caller.client.get("/readyz").status_code == 200

    listed = run("list", "--json")
    [row] = json.loads(listed.output)
    assert (row["as"], row["revoked_at"]) == ("wecom:ZhangWei", None)
    assert row["expires_at"] > row["created_at"]
    assert answer["token"] not in listed.output + run("list").output

    assert run("revoke", str(row["id"])).exit_code == 0
    assert caller.get("members").status_code == 401
    program.close()


@pytest.mark.parametrize("who", ["zhangwei", "wecom:", ":zhangwei", "wecom:nobody", "dingtalk:zhangwei"])
def test_a_token_is_made_for_members_only(data: Path, who: str) -> None:
    refused = run("create", "--as", who)
    assert refused.exit_code == 1
    assert "ld_" not in refused.output
    assert "Traceback" not in refused.output


def test_an_unknown_number_is_not_revoked(data: Path) -> None:
    assert run("revoke", "7").exit_code == 1
