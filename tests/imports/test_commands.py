"""`liaodan import` and `liaodan members` as somebody types them."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.command.root import liaodan


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LIAODAN_DATA", str(tmp_path / "data"))

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(liaodan, list(words))

    return invoke


def test_import_reports_in_words_and_in_json_and_hands_bad_rows_back(run: Any, tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text("platform,userid,name,department,role\nwecom,zw,张伟,销售部,rep\n", "utf-8")
    (tmp_path / "l.csv").write_text("公司名称,电话,负责人\n甲机电,13800138001,张伟\n,13800138001x,\n", "gb18030")
    assert "新增 1 人" in run("members", "import", "m.csv").output
    assert json.loads(run("members", "list", "--json").output)[0]["address"] == "wecom:zw"

    told = run("import", "l.csv", "--as", "accounts")
    assert told.exit_code == 0
    assert "读到 2 行，导入 1 行，没有导入 1 行" in told.output
    assert "l.bad.xlsx" in told.output
    assert (tmp_path / "l.bad.xlsx").exists()

    report = json.loads(run("import", "l.csv", "--as", "accounts", "--json", "--bad", "b.csv").output)
    assert report["duplicates"]["certain"][0]["of"] == "客户 A1"
    assert report["bad_file"] == "b.csv"


def test_bad_rows_never_cover_a_file_that_somebody_may_be_mending(run: Any, tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("公司名称,电话\n,13800138001\n", "utf-8")
    run("import", "l.csv", "--as", "accounts")
    assert "l.bad-2.xlsx" in run("import", "l.csv", "--as", "accounts").output
    assert "不能写到" in run("import", "l.csv", "--as", "accounts", "--bad", "l.csv").output


def test_without_bad_rows_there_is_no_file(run: Any, tmp_path: Path) -> None:
    (tmp_path / "l.csv").write_text("公司名称\n甲机电\n", "utf-8")
    assert run("import", "l.csv", "--as", "leads", "--dry-run").exit_code == 0
    assert not list(tmp_path.glob("*.bad.*"))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("没有.xlsx", None, "找不到文件"),
        ("a.xlsx", b"", "空文件"),
        ("a.xlsx", b"PK\x03\x04 broken", "已损坏"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 broken", "打不开"),
        ("a.pdf", b"%PDF", "不认识的文件类型"),
        ("a.csv", b"\xff\xff\xfe\x00\x81", "编码"),
        ("a.csv", b"\n\n", "没有内容"),
        ("a.csv", "水果,颜色\n苹果,红\n".encode(), "没有找到可以导入的表头"),
    ],
)
def test_a_users_mistake_is_one_clear_line(
    run: Any, tmp_path: Path, name: str, content: bytes | None, says: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    told = run("import", name, "--as", "leads")
    assert told.exit_code == 1
    assert says in told.output
    assert len(told.output.strip().splitlines()) == 1


def test_a_file_that_is_too_large_or_a_missing_sheet(run: Any, tmp_path: Path) -> None:
    with (tmp_path / "big.csv").open("wb") as file:
        file.truncate(51 * 1024 * 1024)
    assert "最大 50 MB" in run("import", "big.csv", "--as", "leads").output

    import xlsxwriter

    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        book.add_worksheet("一月")
    assert "有的是：一月" in run("import", "a.xlsx", "--as", "leads", "--sheet", "二月").output


def test_nothing_but_bad_rows_is_no_success(run: Any, tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text("编号,阶段\n1,快了\n", "utf-8")
    assert run("import", "d.csv", "--as", "deals").exit_code == 1
