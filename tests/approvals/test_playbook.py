"""Flows as companies write them: what cannot be meant is said with its line, and what holds is what the kit says."""

import re
from pathlib import Path

import pytest

from connectors.playbook_files import YamlPlaybooks
from core.errors import PlaybookInvalid
from core.model.playbook import Playbook
from core.rules.approvals.checks import approval_flaws
from core.rules.playbook_changes import differences

FILES = YamlPlaybooks()
ROOT = Path(__file__).parents[2]
KINDS_IN_ORDER = (
    "special_price",
    "contract",
    "payment_terms",
    "stage",
    "extension",
    "export",
    "record.delete",
    "playbook",
)


def problems(*flows: str, section: str = "") -> str:
    text = "approvals:\n" + section + "  flows:\n" + "".join(f"    - {flow}\n" for flow in flows)
    with pytest.raises(PlaybookInvalid) as refused:
        FILES.read(text)
    return str(refused.value)


@pytest.mark.parametrize(
    ("flow", "says"),
    [
        ("{name: 甲, kind: 请客, steps: []}", "没有「请客」这种审批"),
        ("{name: 甲, kind: contract, steps: [{name: 一, by: [{role: boss}]}]}", "没有角色「boss」"),
        ("{name: 甲, kind: contract, steps: [{name: 一, by: [{field: 金额}]}]}", "不是人员字段"),
        ("{name: 甲, kind: contract, steps: [{name: 一, by: [{field: 老板}]}]}", "没有字段「老板」"),
        ("{name: 甲, kind: contract, steps: [{name: 一, flow: 乙}]}", "没有流程「乙」"),
        ("{name: 甲, kind: contract, steps: [{name: 一, flow: 甲}]}", "绕回了自己"),
        ("{name: 甲, kind: contract, steps: [{name: 一}]}", "要写 by"),
        ("{name: 甲, kind: contract, steps: [{name: 一, by: [{role: vp, member: 王强}]}]}", "其中一样"),
        (
            "{name: 甲, kind: contract, steps: [{name: 一, branches: [{name: 大, when: {field: 金额, value: 1}}]}]}",
            "不写 when 的分支",
        ),
        (
            "{name: 甲, kind: contract, steps: [{name: 一, branches: [{name: 大, when: {field: 余额, value: 1}}]}]}",
            "余额",
        ),
        (
            "{name: 甲, kind: contract, timeout: {amount: 8h, then: pass, up_to: 60000}, steps: []}",
            "超过 50000 元不能自动通过",
        ),
        ("{name: 甲, kind: contract, timeout: {amount: 8h, then: pass}, steps: []}", "要写 up_to"),
        ("{name: 甲, kind: export, timeout: {amount: 8h, then: pass, up_to: 1}, steps: []}", "没有金额"),
        (
            "{name: 甲, kind: contract, steps: [{name: 一, by: [{role: vp}]}, {name: 一, by: [{role: legal}]}]}",
            "有两步都叫「一」",
        ),
        ("{name: 甲, kind: contract, steps: [{name: 一, by: [{role: vp}], mode: vote, over: 100%}]}", "永远通不过"),
    ],
)
def test_what_cannot_be_meant_is_said(flow: str, says: str) -> None:
    found = problems(flow)
    assert says in found
    assert "第 3 行" in found


def test_two_flows_of_one_kind_are_refused() -> None:
    assert "有两个流程" in problems("{name: 甲, kind: contract, steps: []}", "{name: 乙, kind: contract, steps: []}")


def test_the_general_kit_keeps_the_flows_that_hold_by_themselves() -> None:
    kit = FILES.read(FILES.kit("general")).playbook.approvals
    assert kit == Playbook().approvals
    assert [flow.kind for flow in kit.flows] == list(KINDS_IN_ORDER)


def test_a_change_of_a_flow_is_said_in_words() -> None:
    text = """
approvals:
  flows:
    - name: 特价审批
      kind: special_price
      timeout: {amount: 8h}
      steps:
        - {name: 总监和财务, by: [{role: director}, {role: finance}], mode: all}
"""
    changed = text.replace("mode: all", "mode: any").replace("8h", "4h")
    before, after = FILES.read(text).playbook, FILES.read(changed).playbook
    said = "\n".join(map(str, differences(before, after)))
    assert "会签 → 或签" in said
    assert "8小时 → 4小时" in said
    assert "审批「特价审批」" in said


def test_the_flow_in_the_handbook_can_be_put_in_force() -> None:
    text = (ROOT / "docs" / "approvals.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    flows = FILES.read(example).playbook.approvals.flows
    assert [step.name for step in flows[0].steps] == ["按折扣", "法务"]


def test_a_mirror_for_no_kind_there_is_or_behind_one_that_takes_all_is_said() -> None:
    mirrors = (
        {"name": "特价", "channel": "wecom", "template": "T1", "kinds": ["special_prise"]},
        {"name": "全部", "channel": "wecom", "template": "T2"},
        {"name": "合同", "channel": "wecom", "template": "T3", "kinds": ["contract"]},
        {"name": "钉钉", "channel": "dingtalk", "template": "PROC-1"},
    )
    playbook = Playbook.model_validate({"approvals": {"mirrors": mirrors}})
    assert [flaw.path[2] for flaw in approval_flaws(playbook)] == [0, 2]
    assert "「合同」永远用不上" in list(approval_flaws(playbook))[1].says
