"""Reports with a name, what is said after a report, and who sees what of it (issue 8: pivots saved and subscribed)."""

from datetime import timedelta

import pytest

from tests.reports.builders import WON, a_first_quarter, at, has_deal, steps
from tests.world import World


@pytest.fixture
def selling(world: World) -> World:
    return a_first_quarter(world)


def test_a_pivot_is_saved_by_a_name_and_the_month_that_runs_stays_the_one_that_runs(selling: World) -> None:
    selling.says("王强", "按地区看本月赢单金额")
    kept = selling.says("王强", "把这个存成 区域月报")[-1]
    assert kept.startswith("已存报表「区域月报」")
    assert "本月 赢单金额 按地区" in kept
    has_deal(
        selling, steps(("初步接洽", "04-02 09:00"), (WON, "04-03 09:00")), yuan=90_000,
        account={"name": "四月客户", "region": "安徽", "source": "展会"}, name="四月单",
    )  # fmt: skip
    selling.now = at("04-10 10:00")
    shown = selling.says("王强", "区域月报")[0]
    assert "2026-04" in shown.splitlines()[0]
    assert "1. 安徽：赢单金额 9万" in shown
    assert "江苏" not in shown


def test_a_month_of_the_calendar_stays_that_month(selling: World) -> None:
    selling.says("王强", "按地区看3月赢单金额")
    selling.says("王强", "把这个存成三月战果")
    selling.now = at("04-10 10:00")
    assert "2026-03" in selling.says("王强", "看看三月战果")[0]


def test_filters_and_person_are_kept_with_it(selling: World) -> None:
    selling.says("王强", "按产品看张伟本月赢单金额")
    assert "只看张伟" in selling.says("王强", "存为报表 小张产品")[-1]
    shown = selling.says("王强", "看报表 小张产品")[0]
    assert "伺服：赢单金额 20万" in shown
    assert "机器人" not in shown


def test_whoever_it_is_shared_with_sees_their_own_figures_and_nobody_else_finds_it(selling: World) -> None:
    selling.says("赵敏", "按地区看本月赢单金额")
    assert "广东" in selling.says("赵敏", "按地区看本月赢单金额")[0]
    selling.says("赵敏", "把这个存成 全国战报")
    assert "没有叫" in selling.says("王强", "看报表 全国战报")[-1]
    assert "已把「全国战报」分享给华东" in selling.says("赵敏", "分享报表 全国战报 给 华东")[-1]
    shown = selling.says("王强", "全国战报")[0]
    assert "江苏：赢单金额 45万" in shown
    assert "广东" not in shown
    own = selling.says("张伟", "全国战报")[0]
    assert "江苏：赢单金额 15万" in own
    assert "没有叫" in selling.says("李娜", "看报表 全国战报")[-1]
    assert "它是别人存的" in selling.says("王强", "删除报表 全国战报")[-1]
    selling.says("赵敏", "报表全国战报不再分享给华东")
    assert "没有叫" in selling.says("王强", "看报表 全国战报")[-1]


def test_it_is_listed_renamed_put_away_and_taken_back(selling: World) -> None:
    selling.says("王强", "按地区看本月赢单金额")
    selling.says("王强", "把这个存成 区域月报")
    assert "1. 区域月报：本月 赢单金额 按地区" in selling.says("王强", "我的报表")[0]
    assert "已改名为「华东月报」" in selling.says("王强", "把区域月报改名为华东月报")[-1]
    assert "已删除报表「华东月报」" in selling.says("王强", "删除报表 华东月报")[-1]
    assert "还没有存过的报表" in selling.says("王强", "我的报表")[0]
    selling.says("王强", "撤销")
    assert "华东月报" in selling.says("王强", "我的报表")[0]


def test_it_comes_by_itself_every_monday_with_the_readers_rights(selling: World) -> None:
    selling.says("赵敏", "按地区看本月赢单金额")
    selling.says("赵敏", "把这个存成 区域月报")
    selling.says("赵敏", "分享报表 区域月报 给 全公司")
    answer = selling.says("王强", "每周一9点把区域月报发我")[-1]
    assert "每周一 09:00 发报表「区域月报」" in answer
    selling.ticks(at("03-09 09:00"))
    selling.works()
    selling.delivers()
    sent = [text for text in selling.heard("王强") if text.startswith("「区域月报」")]
    assert len(sent) == 1
    assert "江苏：赢单金额 45万" in sent[0]
    assert "广东" not in sent[0]
    assert "报表「区域月报」：每周一 09:00" in selling.says("王强", "我的订阅")[-1]
    assert "不再给您发报表「区域月报」" in selling.says("王强", "区域月报不用发了")[-1]
    selling.ticks(at("03-16 09:00"))
    selling.works()
    selling.delivers()
    assert not [text for text in selling.heard("王强") if text.startswith("「区域月报」")]


def test_a_report_that_was_put_away_is_sent_no_more(selling: World) -> None:
    selling.says("王强", "按地区看本月赢单金额")
    selling.says("王强", "把这个存成 区域月报")
    selling.says("王强", "每周一9点把区域月报发我")
    selling.says("王强", "删除报表 区域月报")
    selling.ticks(at("03-09 09:00"))
    selling.works()
    selling.delivers()
    assert not [text for text in selling.heard("王强") if text.startswith("「区域月报」")]
    assert "区域月报" not in selling.says("王强", "我的订阅")[-1]


@pytest.mark.parametrize(
    ("said", "expected", "absent"),
    [
        ("那浙江呢", "地区=浙江", "江苏"),
        ("换成上个月", "2026-02", "江苏"),
        ("按人拆开", "张伟", "李娜"),
        ("按产品看", "机器人：赢单金额 30万", "江苏"),
        ("只看张伟", "江苏：赢单金额 15万", "45万"),
        ("看赢率", "赢率", "赢单金额"),
        ("去年同期呢", "2025-03", "江苏"),
        ("上一期呢", "2026-02", "江苏"),
    ],
)
def test_what_is_said_next_changes_the_report_on_the_screen(
    selling: World, said: str, expected: str, absent: str
) -> None:
    selling.says("王强", "按地区看本月赢单金额")
    answer = selling.says("王强", said)[0]
    assert expected in answer
    assert absent not in answer


def test_each_change_builds_on_the_one_before(selling: World) -> None:
    selling.says("赵敏", "按部门看本月赢单金额")
    selling.says("赵敏", "那广东呢")
    answer = selling.says("赵敏", "按人拆开")[0]
    assert "李娜" in answer
    assert "张伟" not in answer
    assert "张伟" in selling.says("赵敏", "去掉条件")[0]


def test_a_report_is_drawn_another_way_and_its_largest_deals_are_listed(selling: World) -> None:
    selling.says("王强", "按地区看本月赢单金额")
    answers = selling.says("王强", "画成饼图")
    assert any(".png" in one for one in answers[1:])
    listed = selling.says("王强", "前两个单子")[0]
    assert listed.index("陈晨的30万客户") < listed.index("张伟的15万客户")
    assert "张伟的5万客户" not in listed
    assert "共 3 条" in listed


def test_a_report_comes_as_a_file_with_what_its_reader_may_see(selling: World) -> None:
    selling.says("王强", "按地区看本月赢单金额")
    selling.says("王强", "发我excel")
    selling.works()
    selling.delivers()
    [(name, content)] = selling.files("王强")[-1:]
    assert name.endswith(".xlsx")
    assert content.startswith(b"PK")


def test_such_words_mean_nothing_where_no_report_was_looked_at(selling: World) -> None:
    assert "没有在看报表" in selling.says("王强", "把这个存成 区域月报")[-1]
    selling.says("王强", "按地区看本月赢单金额")
    selling.now += timedelta(hours=2)
    assert "没有在看报表" in selling.says("王强", "报表换成上个月")[-1]
