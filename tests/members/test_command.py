"""`liaodan members sync` against both emulated platforms, as an operator types it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.command.root import liaodan
from emulator import dingtalk, wecom
from emulator.server import Server, serve
from emulator.wecom.contacts import describe

TOKEN = "QDG6eK"
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
UNSET = ("DATABASE_URL", "REDIS_URL", "LIAODAN_ADMINS")


@pytest.fixture
def chats() -> Iterator[tuple[Server, Server]]:
    """One company on WeCom, which shows mobiles to this old app, and on DingTalk, where one number is the same."""
    first = wecom.Platform(
        wecom.Settings(
            corp_id="ww5a1b2c3d4e5f6071",
            agent_id=1000002,
            secret="s3cret-of-the-app-0123456789abcdefghijklmnop",
            token=TOKEN,
            aes_key=AES_KEY,
            callback_url="http://127.0.0.1:9/callback/wecom",
            company="安捷科技",
            people=(
                wecom.Person(userid="ZhangWei", name="张伟", department="销售部/华东"),
                wecom.Person(userid="chenjing", name="陈静", department="财务部"),
            ),
        )
    )
    first.switches.sensitive_fields = True
    mobile = next(one for one in _listed(first) if one["userid"] == "ZhangWei")["mobile"]
    second = dingtalk.Platform(
        dingtalk.Settings(
            corp_id="ding9f50b15bccd16741",
            client_id="dingdemoappkey0001",
            client_secret="demo-client-secret",
            company="安捷科技",
            people=(
                dingtalk.Person(userid="user_zw", name="张伟", department="销售部/华东", mobile=mobile, manager="Boss"),
                dingtalk.Person(userid="Boss", name="高峰", department="销售部"),
            ),
        )
    )
    servers = serve(first, port=0), serve(second, port=0)
    yield servers
    for server in servers:
        server.close()


def _listed(platform: wecom.Platform) -> list[dict[str, Any]]:
    return [describe(platform, person) for person in platform.directory.people]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chats: tuple[Server, Server]) -> Any:
    first, second = (server.platform.settings for server in chats)
    monkeypatch.chdir(tmp_path)
    for name in UNSET:
        monkeypatch.delenv(name, raising=False)
    environment = {
        "LIAODAN_DATA": str(tmp_path / "data"),
        "WECOM_CORP_ID": first.corp_id,
        "WECOM_AGENT_ID": str(first.agent_id),
        "WECOM_SECRET": first.secret,
        "WECOM_TOKEN": TOKEN,
        "WECOM_AES_KEY": AES_KEY,
        "WECOM_API_BASE": chats[0].url,
        "DINGTALK_CLIENT_ID": second.client_id,
        "DINGTALK_CLIENT_SECRET": second.client_secret,
        "DINGTALK_API_BASE": chats[1].url,
        "DINGTALK_OAPI_BASE": chats[1].url,
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(liaodan, list(words))

    return invoke


def listed(run: Any) -> dict[str, dict[str, Any]]:
    return {row["name"]: row for row in json.loads(run("members", "list", "--json").output)}


def test_both_directories_become_one_list_of_people(run: Any) -> None:
    rehearsed = run("members", "sync", "--dry-run")
    assert rehearsed.exit_code == 0, rehearsed.output
    assert "（预演，没有写入）：读到 2 人；新增 2 人" in rehearsed.output
    assert listed(run) == {}
    done = json.loads(run("members", "sync", "--json").output)
    assert [(one["channel"], len(one["new"]), len(one["linked"])) for one in done["platforms"]] == [
        ("wecom", 2, 0),
        ("dingtalk", 1, 1),
    ]
    people = listed(run)
    assert people["张伟"]["accounts"] == ["wecom:ZhangWei", "dingtalk:user_zw"]
    assert people["张伟"]["address"] == "wecom:ZhangWei"
    assert (people["张伟"]["department"], people["张伟"]["roles"]) == ("销售部/华东", "rep")
    assert (people["张伟"]["manager"], people["高峰"]["roles"]) == ("高峰", "manager")
    assert people["陈静"]["roles"] == "finance"
    again = json.loads(run("members", "sync", "--json").output)
    assert all(one[what] == [] for one in again["platforms"] for what in ("new", "linked", "left", "refreshed"))
    assert "wecom:ZhangWei、dingtalk:user_zw  张伟" in run("members", "list").output


def test_a_leaver_is_found_by_the_next_sync(run: Any, chats: tuple[Server, Server]) -> None:
    run("members", "sync")
    directory = chats[1].platform.directory
    directory.leave(directory.find("user_zw"))
    told = run("members", "sync", "--platform", "dingtalk")
    assert "张伟（dingtalk:user_zw） 已离职，已停用" in told.output
    assert not listed(run)["张伟"]["active"]


def test_an_administrator_of_the_settings_who_left_is_not_let_in_by_the_next_start(
    run: Any, chats: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIAODAN_ADMINS", "dingtalk:user_zw")
    run("members", "sync", "--platform", "dingtalk")
    directory = chats[1].platform.directory
    directory.leave(directory.find("user_zw"))
    run("members", "sync", "--platform", "dingtalk")
    assert (listed(run)["张伟"]["active"], listed(run)["张伟"]["roles"]) == (False, "admin")


def test_a_platform_that_is_down_is_named_and_the_other_is_read(run: Any, chats: tuple[Server, Server]) -> None:
    chats[0].close()
    told = run("members", "sync", "--json")
    report = json.loads(told.stdout)
    assert told.exit_code == 1
    assert [one["channel"] for one in report["failed"]] == ["wecom"]
    assert [len(one["new"]) for one in report["platforms"]] == [2]


def test_a_platform_that_is_not_set_is_said_to_be_so(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DINGTALK_CLIENT_ID")
    told = run("members", "sync", "--platform", "dingtalk")
    assert (told.exit_code, "钉钉还没有配置" in told.output) == (1, True)
