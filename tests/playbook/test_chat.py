"""The playbook in chat: an administrator says what shall be otherwise, sees it first, and a second one may decide."""

from datetime import datetime

import pytest

from tests.world import SHANGHAI, World

SECOND = (("sunqi", "孙琪", "admin", "信息部", ""),)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def in_force(world: World, section: str) -> object:
    with world.work() as uow:
        return uow.playbook.model_dump(mode="json")[section]


def number(world: World) -> int:
    with world.work() as uow:
        newest = uow.versions.newest()
        return newest.number if newest else 0


def test_a_setting_said_in_words_is_shown_first_and_changes_nothing_until_it_is_decided(world: World) -> None:
    world.has_leads("华东机电", held_by="张伟")
    (shown,) = world.says("吴昊", "把回收改成48小时")
    assert "回收规则「首次跟进24小时」：多久 24小时 → 48小时" in shown
    assert "正在走的时钟 1 个" in shown
    assert number(world) == 0
    (done,) = world.taps("吴昊", "从现在起")
    assert "第 1 版规则已生效" in done
    assert in_force(world, "recycle")[0]["amount"] == "48h"


def test_what_is_put_down_changes_nothing(world: World) -> None:
    world.says("吴昊", "把回收改成48小时")
    assert "没有改动任何规则" in world.taps("吴昊", "放弃")[0]
    assert number(world) == 0


@pytest.mark.parametrize(
    ("said", "changed"),
    [
        ("A级首次联系改成1小时", "「A」：多久之内首次联系 2小时 → 1小时"),
        ("早上的计划改到8点", "每天几点发当天计划 08:30 → 08:00"),
        ("日报改到晚上7点", "每天几点发日报给主管 18:00 → 19:00"),
        ("免打扰改到晚上10点到早上7点", "免打扰时间开始 21:00 → 22:00"),
        ("撤销时间改成20分钟", "多久之内可以撤销 10分钟 → 20分钟"),
        ("公海一页改成20条", "公海卡片一页几条 10 → 20"),
        ("提醒提前改成1小时", "提前多久提醒下次联系 30分钟 → 1小时"),
        ("30天未跟进改成45天", "多久 30天 → 45天"),
        ("回收时间改成3个工作日", "按哪种时钟 自然时间 → 工作日"),
        ("每人上限改成60", "每人最多 200 → 60"),
        ("每天最多领取改成8条", "每人每天领多少次 20 → 8"),
        ("退回公海的原因加上价格太高", "退回公海的原因 加上 价格太高"),
        ("退回原因去掉预算不符", "退回公海的原因 去掉 预算不符"),
    ],
)
def test_what_an_administrator_says_finds_its_setting(world: World, said: str, changed: str) -> None:
    assert changed in world.says("吴昊", said)[0]


def test_what_may_mean_several_settings_is_asked(world: World) -> None:
    assert "要改的是哪一项" in world.says("吴昊", "冷却期改成5天")[0]
    assert "多久之内不能再领 无 → 5天" in world.says("吴昊", "3")[0]


def test_the_changed_document_keeps_its_comments(world: World) -> None:
    world.says("吴昊", "早上的计划改到8点")
    world.taps("吴昊", "生效")
    text = world.says("吴昊", "导出规则")[0]
    assert "plan_at: 8:00" in text or "plan_at: 08:00" in text
    assert "# 早上发当天计划" in text


def test_an_unclear_wish_says_how_it_may_be_said(world: World) -> None:
    assert "回收改成48小时" in world.says("吴昊", "从下周起超过八折的都要总监批")[0]


@pytest.mark.parametrize("who", ["张伟", "王强", "赵敏", "周婷"])
@pytest.mark.parametrize("said", ["把回收改成48小时", "看看规则", "退回规则到上一版", "全公司日报改到7点", "导出规则"])
def test_nobody_else_may_and_is_told_who_can(world: World, who: str, said: str) -> None:
    assert "吴昊" in world.says(who, said)[0]
    assert number(world) == 0


def test_a_weighty_change_by_the_only_administrator_says_so_and_keeps_it_on_record(world: World) -> None:
    world.says("吴昊", "把回收改成48小时")
    assert "只有一位管理员" in world.taps("吴昊", "重新计算")[0]
    with world.work() as uow:
        assert "只有一位管理员" in uow.versions.get(1).remark


def test_a_weighty_change_holds_only_when_a_second_administrator_agrees(world: World) -> None:
    world.enrols(SECOND)
    world.says("吴昊", "把回收改成48小时")
    assert "等孙琪同意" in world.taps("吴昊", "从现在起")[0]
    assert number(world) == 0
    [card] = world.heard("孙琪")
    assert "改规则：回收规则" in card
    assert "48小时" in card
    assert "已经在走的按老规则走完" in card
    assert "正在走的" in card, "how many clocks would move"
    assert "已通过" in world.taps("孙琪", "同意")[0] or "✓" in world.card("孙琪").as_text()
    heard = "\n".join(world.heard("吴昊"))
    assert "孙琪确认" in heard
    assert "第 1 版规则已生效" in heard
    with world.work() as uow:
        version = uow.versions.get(1)
        assert (version.by_name, version.confirmed_name) == ("吴昊", "孙琪")


def test_a_harmless_change_needs_nobody_else_and_the_others_are_told(world: World) -> None:
    world.enrols(SECOND)
    world.says("吴昊", "早上的计划改到8点")
    assert "已生效" in world.taps("吴昊", "生效")[0]
    assert "吴昊改了规则" in world.heard("孙琪")[0]


def test_a_proposal_that_is_declined_or_too_old_never_holds(world: World) -> None:
    world.enrols(SECOND)
    world.says("吴昊", "把回收改成48小时")
    world.taps("吴昊", "从现在起")
    world.heard("孙琪")
    world.says("孙琪", "不同意 太松了")
    assert "太松了" in "\n".join(world.heard("吴昊"))
    world.says("吴昊", "把回收改成72小时")
    world.taps("吴昊", "从现在起")
    world.heard("孙琪")
    world.passes(hours=25)
    assert "按规则驳回" in "\n".join(world.heard("吴昊"))
    assert number(world) == 0


def test_nobody_agrees_to_their_own_proposal_and_one_agreement_of_several_is_enough(world: World) -> None:
    world.enrols((*SECOND, ("zhouli", "周丽", "admin", "信息部", "")))
    world.says("吴昊", "把回收改成48小时")
    world.taps("吴昊", "从现在起")
    world.heard("周丽")
    assert "没有等您审批" in world.says("吴昊", "同意")[0]
    world.taps("孙琪", "同意")
    assert number(world) == 1
    assert not world.card("周丽").buttons or "规则历史" in str(world.card("周丽").buttons)


def test_of_two_changes_from_one_version_the_second_ends_when_the_first_holds(world: World) -> None:
    world.enrols(SECOND)
    for length in ("48小时", "72小时"):
        world.says("吴昊", f"把回收改成{length}")
        world.taps("吴昊", "从现在起")
    world.says("孙琪", "待我审批的")
    with world.work() as uow:
        first, second = (one for one in uow.approvals.since(uow.now, "playbook"))
    world.presses("孙琪", "approval.approve", {"approval": str(first.id), "task": "1"})
    assert number(world) == 1
    with world.work() as uow:
        assert uow.approvals.get(second.id).state == "voided"
    assert "已经有了更新的版本" in "\n".join(world.heard("吴昊"))


def test_a_change_that_somebody_overtook_on_the_command_line_cannot_be_agreed_to(world: World) -> None:
    world.enrols(SECOND)
    world.says("吴昊", "把回收改成48小时")
    world.taps("吴昊", "从现在起")
    world.applies("chat: {pool_page: 7}\n", why="列短一点")
    assert "列短一点" in "\n".join(world.taps("孙琪", "同意"))
    assert number(world) == 1


def test_going_back_is_asked_about_in_the_same_way(world: World) -> None:
    world.enrols(SECOND)
    world.applies("chat: {pool_page: 7}\n")
    world.says("吴昊", "把回收改成48小时")
    world.taps("吴昊", "从现在起")
    world.taps("孙琪", "同意")
    assert number(world) == 2
    world.says("吴昊", "退回规则到第 1 版")
    world.taps("吴昊", "从现在起")
    assert "退回规则到第 1 版" in "\n".join(world.heard("孙琪"))
    world.taps("孙琪", "同意")
    assert number(world) == 3


def test_a_company_may_have_every_change_decided_by_its_boss(world: World) -> None:
    boss = "[{name: 总监, by: [{role: director}]}]"
    world.applies(f"approvals: {{flows: [{{name: 规则审批, kind: playbook, steps: {boss}}}]}}")
    world.says("吴昊", "早上的计划改到8点")
    assert "等赵敏同意" in world.taps("吴昊", "生效")[0]
    world.taps("赵敏", "同意")
    assert number(world) == 2


def test_a_draft_of_yesterday_does_not_overwrite_what_came_since(world: World) -> None:
    world.says("吴昊", "把回收改成48小时")
    world.applies("chat: {pool_page: 7}\n", why="列短一点")
    assert "列短一点" in "".join(world.taps("吴昊", "从现在起"))
    assert number(world) == 1


def test_a_whole_document_is_handed_in_with_its_mistakes_by_line(world: World) -> None:
    (wrong,) = world.says("吴昊", "提交规则 放宽\nname: 我们\nrecycle:\n  - id: a\n    amount: 2x\n")
    assert "第 4 行 recycle[0].amount" in wrong
    world.says("吴昊", "提交规则 列短一点\nname: 我们\nchat: {pool_page: 7}\n")
    assert "公海卡片一页几条 10 → 7" in world.taps("吴昊", "生效")[0]
    assert "列短一点" in world.says("吴昊", "规则历史")[0]


def test_rules_go_back_to_a_day_a_number_or_one_step(world: World) -> None:
    world.now = at("02-26 10:00")
    world.applies("chat: {pool_page: 5}\n")
    world.now = at("03-03 10:00")
    world.applies("chat: {pool_page: 6}\n")
    world.now = at("03-05 10:00")
    world.delivers()
    world.heard("吴昊")
    assert "公海卡片一页几条 6 → 5" in world.says("吴昊", "退回规则到上周五的版本")[0]
    world.taps("吴昊", "生效")
    assert in_force(world, "chat")["pool_page"] == 5
    assert "公海卡片一页几条 5 → 6" in world.says("吴昊", "规则退回上一版")[0]
    assert "公海卡片一页几条 5 → 6" in world.says("吴昊", "退回规则到第2版")[0]
    world.taps("吴昊", "生效")
    with world.work() as uow:
        version = uow.versions.get(4)
        assert (version.kind, version.restores) == ("rollback", 2)
        assert version.document == uow.versions.get(2).document


def test_an_answer_that_is_no_answer_leaves_the_question_open(world: World) -> None:
    world.says("吴昊", "把回收改成48小时")
    world.says("吴昊", "嗯嗯那个什么")
    assert "已生效" in world.says("吴昊", "从现在起")[0]


def test_days_off_are_noted_and_running_clocks_follow(world: World) -> None:
    (shown,) = world.says("吴昊", "5月1到5号放假 9号上班")
    assert "放假 05-01、05-02、05-03、05-04、05-05；上班 05-09" in shown
    assert "已更新" in world.says("吴昊", "确认")[0]
    assert "管理员" in world.says("张伟", "5月1到5号放假")[0]


def test_a_length_below_nothing_is_refused_and_not_read_as_a_length(world: World) -> None:
    before = number(world)
    for said in ("回收时间改成负3天", "回收时间改成-3天"):
        assert "要大于 0" in world.says("吴昊", said)[0]
    assert number(world) == before


def test_a_new_field_is_shown_by_its_name_with_what_was_said_of_it(world: World) -> None:
    shown = world.says("吴昊", "给线索加一个字段 设备类型 选项 注塑机/冲压机")[0]
    assert "自定义字段「线索」：新增「设备类型」（类型 choice，选项 注塑机、冲压机）" in shown
