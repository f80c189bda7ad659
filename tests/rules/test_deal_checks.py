"""What a playbook says of stages, outlines and how long deals may stand, per stage and grade (issue 6.1, 6.3)."""

from datetime import timedelta

from core.model.playbook import Playbook
from core.rules.playbook_checks import flaws_of
from tests.world import World


def says(document: dict[str, object]) -> list[str]:
    return [flaw.says for flaw in flaws_of(Playbook.model_validate(document))]


def outline(**what: object) -> dict[str, object]:
    return {"outlines": [{"name": "自己的", "questions": [{"key": "规模", "ask": "有多少人用？"}], **what}]}


def test_an_outline_names_stages_and_kinds_that_there_are() -> None:
    assert says(outline(stages=["需求确认"], pipelines=["标准"])) == []
    [said] = says(outline(stages=["试用"]))
    assert said.startswith("没有阶段「试用」，可以写：初步接洽、需求确认")
    assert "没有商机类型「渠道」，可以写：标准" in says(outline(pipelines=["渠道"]))


def test_what_an_outline_fills_is_a_field_that_there_is() -> None:
    asked = [{"key": "规模", "ask": "有多少人用？", "fills": "seats"}]
    [said] = says(outline(questions=asked))
    assert said.startswith("没有字段「seats」，可以写：need、budget")
    own = {"fields": {"deal": [{"key": "seats", "label": "席位", "type": "integer"}]}}
    assert says(outline(questions=asked) | own) == []


def test_the_outlines_that_come_with_us_blame_nobody_for_stages_of_their_own() -> None:
    stages = [{"name": "试用"}, {"name": "成了", "outcome": "won"}, {"name": "没成", "outcome": "lost"}]
    assert says({"pipelines": [{"name": "标准", "stages": stages}]}) == []


GRADED = """
pipelines:
  - name: 标准
    stages:
      - {name: 初步接洽, win: 3%, stale_after: 7d, stale_by_grade: {A: 2d}}
      - {name: 赢单, outcome: won, win: 100%, entry: [amount]}
      - {name: 输单, outcome: lost}
"""


def test_a_grade_that_the_company_does_not_have_is_named() -> None:
    stages = [
        {"name": "试用", "stale_by_grade": {"Z": "3d"}},
        {"name": "成了", "outcome": "won"},
        {"name": "没成", "outcome": "lost"},
    ]
    [said] = says({"pipelines": [{"name": "标准", "stages": stages}]})
    assert said.startswith("没有等级「Z」，可以写：")


def test_a_deal_of_a_better_customer_stands_still_sooner_and_a_new_grade_moves_its_clock(world: World) -> None:
    world.applies(GRADED)
    world.says("张伟", "录个客户 华为技术有限公司 王工 13912345678")
    world.says("张伟", "给华为建个商机 服务器 35万 6月底签")
    assert stands_until(world) == world.now + timedelta(days=7)
    world.says("张伟", "把华为改成A级")
    assert stands_until(world) == world.now + timedelta(days=2)
    world.passes(days=2, minutes=1)
    assert [said for said in world.heard("张伟") if "跟进待办" in said]
    assert "服务器" in world.says("张伟", "停滞的商机")[-1]


def stands_until(world: World) -> object:
    with world.work() as uow:
        [deal] = uow.deals.of(1)
        [clock] = [one for one in uow.deadlines.of(deal.ref) if one.kind == "stale_deal"]
        return clock.limit_at
