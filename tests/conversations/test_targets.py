"""Targets of people, departments and the company, of every kind, set in chat and held against what is there (8.2)."""

from tests.conversations.test_contracts import signs
from tests.world import World


def confirmed(world: World, who: str, words: str) -> str:
    world.says(who, words)
    return world.says(who, "确认")[-1]


def test_a_target_of_money_received_is_counted_from_the_payments(world: World) -> None:
    signs(world, "38.5万 账期30天")
    asked = world.says("王强", "3月回款目标 张伟30万")[-1]
    assert "定 2026-03 回款目标，对吗？" in asked
    assert "张伟：30万" in asked
    assert "已定 2026-03 回款目标，共 1 个" in world.says("王强", "确认")[-1]
    world.says("张伟", "华为回款12万")
    assert "回款：12万 / 30万，40%" in world.says("张伟", "我这个月还差多少")[0]
    confirmed(world, "张伟", "华为退款3万")
    assert "回款：9万 / 30万，30%" in world.says("张伟", "我这个月还差多少")[0], "what was given back counts against"


def test_a_department_and_the_company_have_targets_of_their_own(world: World) -> None:
    signs(world, "38.5万 账期30天")
    assert "华东：200万" in confirmed(world, "赵敏", "华东3月目标200万").replace("销售部/", "")
    confirmed(world, "赵敏", "3月回款目标 华东50万 张伟30万")
    world.says("张伟", "华为回款12万")
    shown = world.taps("赵敏", "看进度")[0]
    assert "1. 销售部/华东：0元 / 200万，0%，落后" in shown
    assert "1. 销售部/华东：12万 / 50万，24%" in shown
    assert "2. 张伟：12万 / 30万，40%" in shown


def test_only_whoever_leads_a_department_sets_its_target(world: World) -> None:
    assert "您没有给销售部/华南定目标的权限" in world.says("王强", "华南3月目标200万")[-1]
    assert "定目标的权限" in world.says("王强", "3月目标 全公司1000万")[-1]


def test_visits_and_new_customers_are_numbers_and_no_money(world: World) -> None:
    assert "已定 2026-03 拜访目标，共 1 个" in confirmed(world, "王强", "3月拜访目标 张伟30次")
    assert "已定 2026-03 新客户目标，共 1 个" in confirmed(world, "王强", "3月新客户目标 张伟4家")
    world.says("张伟", "录个客户 华为技术有限公司 王工 13912345678")
    world.says("张伟", "今天拜访了华为，聊了服务器采购的预算")
    answer = world.says("张伟", "我这个月还差多少")[0]
    assert "拜访：1次 / 30次，3.3%，落后" in answer
    assert "新客户：1家 / 4家，25%" in answer
