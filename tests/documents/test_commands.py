"""`liaodan template`: a company's own templates from the shell, checked before they are used."""

from pathlib import Path
from typing import Any

from tests.imports.test_commands import run

__all__ = ["run"]


def test_a_template_is_shown_changed_checked_used_and_taken_back(run: Any, tmp_path: Path) -> None:
    assert "quote（报价单）：自带的模板" in run("template", "list").output
    assert "写到了" in run("template", "show", "quote", "--to", "mine.typ").output
    mine = tmp_path / "mine.typ"
    mine.write_text(mine.read_text("utf-8").replace('"报价单"', '"报 价 书"'), "utf-8")
    assert "没有问题" in run("template", "check", "quote", "mine.typ").output
    assert "第 1 版启用了" in run("template", "apply", "quote", "mine.typ", "--remark", "换标题").output
    assert "换标题" in run("template", "list").output
    assert "报 价 书" in run("template", "show", "quote").output
    assert "内容是第 0 版的" in run("template", "restore", "quote", "0").output
    assert "报 价 书" not in run("template", "show", "quote").output
    assert "报 价 书" in run("template", "show", "quote", "1").output


def test_a_broken_template_is_not_put_in_use(run: Any, tmp_path: Path) -> None:
    (tmp_path / "bad.typ").write_text('#import "liaodan.typ": *\n#d.nothing', "utf-8")
    for command in ("check", "apply"):
        refused = run("template", command, "quote", "bad.typ")
        assert refused.exit_code == 1
        assert "第 2 行" in refused.output
    (tmp_path / "gbk.typ").write_bytes("报价".encode("gbk"))
    assert "UTF-8" in run("template", "check", "quote", "gbk.typ").output
    assert run("template", "check", "quote", "none.typ").exit_code == 1
    assert "自带的模板" in run("template", "list").output


def test_a_preview_is_a_file_one_can_open(run: Any, tmp_path: Path) -> None:
    assert run("template", "preview", "contract", "--to", "look.pdf").exit_code == 0
    assert (tmp_path / "look.pdf").read_bytes().startswith(b"%PDF-")
    assert run("template", "preview", "contract", "--to", "look.png").exit_code == 0
    assert (tmp_path / "look-1.png").read_bytes().startswith(b"\x89PNG")
    assert "不认识的文件类型" in run("template", "preview", "contract", "--to", "look.doc").output


def test_the_fields_of_a_template_are_listed(run: Any) -> None:
    told = run("template", "fields", "quote").output
    assert "d.lines[].amount" in told
    assert "d.capitals" in told


def test_materials_are_added_listed_renewed_and_retired(run: Any, tmp_path: Path) -> None:
    (tmp_path / "case.pdf").write_bytes(b"%PDF-1.7 one")
    (tmp_path / "case2.pdf").write_bytes(b"%PDF-1.7 two")
    added = run("materials", "add", "case.pdf", "--title", "汽车客户案例", "--stage", "方案报价", "--industry", "汽车")
    assert "存好了：E1 汽车客户案例（案例）" in added.output
    assert "换成第 2 版" in run("materials", "add", "case2.pdf", "--replaces", "E1").output
    assert "存好了：E2" in run("materials", "add", "--link", "https://example.com/a", "--title", "产品手册").output
    listed = run("materials", "list").output
    assert "E1  案例  汽车客户案例  用于 方案报价、汽车  发过 0 次" in listed
    assert run("materials", "add", "--title", "空").exit_code == 1
    assert run("materials", "add", "case.pdf", "--stage", "第九阶段").exit_code == 1
    assert "下架了" in run("materials", "retire", "E2").output
    assert "产品手册" not in run("materials", "list").output
