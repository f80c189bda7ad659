"""`liaodan understand`: the same JSON for a person and for a program, and one clear line for what is wrong."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.command.understand import understand

PEOPLE = "platform,userid,name,phone,department,role,manager_userid\nwecom,zhangwei,张伟,,销售部/华东,rep,\n"


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    from bot.command.members import import_ as import_members

    monkeypatch.setenv("LIAODAN_DATA", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "")
    people = tmp_path / "people.csv"
    people.write_text(PEOPLE, encoding="utf-8")
    runner = CliRunner()
    assert runner.invoke(import_members, [str(people)]).exit_code == 0
    return runner


def test_a_line_is_understood_as_json_without_doing_anything(runner: CliRunner) -> None:
    said = ["明天上午9点提醒我发合同", "--as", "wecom:zhangwei", "--now", "2026-03-05T10:00:00+08:00", "--json"]
    answer = json.loads(runner.invoke(understand, said).output)
    assert answer["acts"] == [
        {"intent": "reminder.create", "slots": {"at": "2026-03-06T09:00:00+08:00", "content": "发合同"}}
    ]
    assert (answer["outcome"], answer["missing"], answer["choices"], answer["question"]) == ("do", [], [], None)
    assert ["明天上午9点", "at"] in answer["explain"]


def test_a_person_reads_which_words_said_what(runner: CliRunner) -> None:
    output = runner.invoke(understand, ["提醒我发合同", "--as", "wecom:zhangwei"]).output
    assert "还缺一点，先问您" in output
    assert "什么时候" in output


def test_many_lines_get_one_answer_each_and_bad_ones_an_error(runner: CliRunner) -> None:
    lines = (
        '{"text": "撤销", "as": "wecom:zhangwei"}\nnonsense\n{"text": "好的", "as": "wecom:nobody"}\n{"text": "好的"}\n'
    )
    result = runner.invoke(understand, ["--lines"], input=lines)
    answers = [json.loads(line) for line in result.output.splitlines() if line.startswith("{")]
    assert answers[0]["acts"][0]["intent"] == "undo"
    assert "不是 JSON" in answers[1]["error"]
    assert "没有账号为 wecom:nobody 的在职成员" in answers[2]["error"]
    assert answers[3]["outcome"] == "ignore"
    assert result.exit_code == 1


def test_nothing_said_is_a_clear_mistake(runner: CliRunner) -> None:
    result = runner.invoke(understand, [])
    assert result.exit_code != 0
    assert "请写一句话" in result.output


def test_what_was_not_understood_offers_the_nearest_as_the_chat_does(runner: CliRunner) -> None:
    answer = json.loads(runner.invoke(understand, ["火星上有水么", "--as", "wecom:zhangwei", "--json"]).output)
    assert (answer["outcome"], answer["acts"], answer["missing"]) == ("unknown", [], [])
    assert answer["question"] == "没听明白「火星上有水么」，没有记录任何内容"
    assert answer["choices"][0].startswith("跟进 客户名")


def test_a_long_story_without_a_command_is_offered_to_be_kept(runner: CliRunner) -> None:
    story = (
        "这两天一直在外面跑，几家的情况差不多，都说要等年后的预算，设备部的人倒是挺认可我们的东西，就是价格还要再磨一磨"
    )
    answer = json.loads(runner.invoke(understand, [story, "--as", "wecom:zhangwei", "--json"]).output)
    assert answer["outcome"] in ("unknown", "ask")
    assert "哪个客户的跟进" in answer["question"]
