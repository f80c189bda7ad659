"""`liaodan export`: with the rights of whoever asks, readable again by an import, and nothing in it computes."""

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from python_calamine import load_workbook

from tests.imports.test_commands import run

__all__ = ["run"]

PEOPLE = """platform,userid,name,department,role
wecom,zw,张伟,销售部/华东,rep
wecom,ln,李娜,销售部/华南,rep
wecom,cj,陈静,财务部,finance
"""
RULES = {
    "fields": {
        "lead": [
            {"key": "machine", "label": "设备类型", "type": "choice", "options": ["注塑机", "冲压机"]},
            {"key": "budget", "label": "预算", "type": "money"},
            {"key": "floor_price", "label": "底价", "type": "money", "visible_to": ["manager"]},
            {"key": "double", "label": "双倍", "type": "formula", "formula": "预算 * 2"},
        ]
    }
}
LEADS = """公司名称,电话,负责人,需求,设备类型,预算,底价
甲机电有限公司,13800138001,张伟,=1+1,注塑机,50万,30万
乙精工有限公司,13800138002,李娜,@SUM(A1),冲压机,1234.5,
丙重工有限公司,13800138003,张伟,要两台,,,
"""


@pytest.fixture
def company(run: Any, tmp_path: Path) -> Any:
    (tmp_path / "m.csv").write_text(PEOPLE, "utf-8")
    (tmp_path / "rules.yaml").write_text(json.dumps(RULES, ensure_ascii=False), "utf-8")
    (tmp_path / "l.csv").write_text(LEADS, "utf-8")
    assert run("members", "import", "m.csv").exit_code == 0
    applied = run("playbook", "apply", "rules.yaml", "--why", "字段", "--clocks", "from_now")
    assert applied.exit_code == 0, applied.output
    taken = run("import", "l.csv", "--as", "leads")
    assert taken.exit_code == 0, taken.output
    return run


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text("utf-8-sig").splitlines()))


def test_everything_goes_out_with_the_companys_own_fields(company: Any, tmp_path: Path) -> None:
    assert "导出 线索 3 条" in company("export", "leads", "--to", "all.csv").output
    last, other, first = rows(tmp_path / "all.csv")
    assert (first["编号"], first["公司名称"], first["负责人"]) == ("L1", "甲机电有限公司", "张伟")
    assert (first["设备类型"], first["预算"], first["底价"], first["双倍"]) == ("注塑机", "500000", "300000", "1000000")
    assert other["预算"] == "1234.5"
    assert last["设备类型"] == ""


def test_what_somebody_may_not_see_is_not_in_their_file(company: Any, tmp_path: Path) -> None:
    company("export", "leads", "--to", "own.csv", "--as", "wecom:zw")
    own = rows(tmp_path / "own.csv")
    assert [row["编号"] for row in own] == ["L3", "L1"]
    assert "底价" not in own[0]
    assert "没有导出的权限" in company("export", "leads", "--to", "no.csv", "--as", "wecom:cj").output
    assert not (tmp_path / "no.csv").exists()


def test_nothing_in_a_file_computes(company: Any, tmp_path: Path) -> None:
    company("export", "leads", "--to", "all.csv")
    assert [row["需求"] for row in rows(tmp_path / "all.csv")] == ["要两台", "'@SUM(A1)", "'=1+1"]
    company("export", "leads", "--to", "all.xlsx")
    sheet = load_workbook(str(tmp_path / "all.xlsx")).get_sheet_by_name("线索").to_python()
    needs = [row[sheet[0].index("需求")] for row in sheet[1:]]
    assert needs == ["要两台", "@SUM(A1)", "=1+1"]
    assert sheet[3][sheet[0].index("预算")] == 500_000


def test_a_file_is_narrowed_down_by_conditions(company: Any, tmp_path: Path) -> None:
    company("export", "leads", "--to", "a.csv", "--where", "设备类型是注塑机", "--where", "预算大于1万")
    assert [row["编号"] for row in rows(tmp_path / "a.csv")] == ["L1"]
    refused = company("export", "leads", "--to", "b.csv", "--where", "颜色是红")
    assert "请以字段名开头" in refused.output
    assert not (tmp_path / "b.csv").exists()


def test_a_file_that_is_there_stays_unless_it_is_said(company: Any) -> None:
    company("export", "leads", "--to", "a.csv")
    assert "已经存在" in company("export", "leads", "--to", "a.csv").output
    assert company("export", "leads", "--to", "a.csv", "--force").exit_code == 0


def test_what_went_out_comes_in_again_as_it_was(company: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    company("export", "leads", "--to", "all.xlsx")
    monkeypatch.setenv("LIAODAN_DATA", str(tmp_path / "another"))
    company("members", "import", "m.csv")
    company("playbook", "apply", "rules.yaml", "--why", "字段", "--clocks", "from_now")
    company("import", "all.xlsx", "--as", "leads")
    company("export", "leads", "--to", "again.csv")
    fields = ("公司名称", "电话", "负责人", "设备类型", "预算", "底价", "双倍")
    kept = {tuple(row[field] for field in fields) for row in rows(tmp_path / "again.csv")}
    assert ("甲机电有限公司", "13800138001", "张伟", "注塑机", "500000", "300000", "1000000") in kept
    assert len(kept) == 3
