"""The kits that come along: every one is a whole company that the product runs on."""

import pytest

from connectors.playbook_files import YamlPlaybooks
from core.model.deal import Deal
from core.model.playbook import Outcome, Playbook
from core.rules.stages import Surroundings, judge_move
from tests.world import START, World

FILES = YamlPlaybooks()
SEED_STAGES = ("初步接洽", "需求确认", "方案报价", "商务谈判", "赢单", "输单")


@pytest.fixture(params=FILES.kits())
def kit(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def test_six_kits_come_along() -> None:
    assert set(FILES.kits()) >= {"general", "manufacturing", "engineering", "trade", "software", "services"}


def test_a_kit_has_rules_fields_and_stages_of_its_own(kit: str) -> None:
    playbook = FILES.read(FILES.kit(kit)).playbook
    if kit == "general":
        assert playbook == Playbook()
        return
    assert playbook.name not in ("", "通用")
    assert playbook.recycle != Playbook().recycle
    assert sum(len(fields) for fields in playbook.fields.values()) >= 8
    assert [stage.name for stage in playbook.pipelines[0].stages] != list(SEED_STAGES)


def test_what_people_say_of_the_seed_stages_finds_a_stage_in_every_kit(kit: str) -> None:
    pipeline = FILES.read(FILES.kit(kit)).playbook.pipelines[0]
    assert [said for said in SEED_STAGES if pipeline.stage(said) is None] == []


def test_every_pipeline_can_be_walked_to_its_end(kit: str) -> None:
    everything = Surroundings(has_contact=True, has_source=True, was_talked_to=True)
    for pipeline in FILES.read(FILES.kit(kit)).playbook.pipelines:
        assert {stage.outcome for stage in pipeline.stages} == set(Outcome)
        deal = Deal(name="", stage=pipeline.stages[0].name, created_at=START, updated_at=START)
        missing = judge_move(deal, pipeline.ending(Outcome.WON), pipeline, everything).missing
        assert len(missing) == len(set(missing))


def test_a_rep_works_with_a_kit_that_was_applied(world: World, kit: str) -> None:
    world.applies(FILES.kit(kit))
    world.says("张伟", "录个客户 华为技术有限公司 王工 13912345678")
    answered = world.says("张伟", "给华为建个商机 服务器 35万")[-1]
    if "是哪一类商机" in answered:
        answered = world.says("张伟", "1")[-1]
    assert "已建商机" in answered
    assert "输单" in world.says("张伟", "输单 华为 太贵了")[-1]
