"""Taking customers out of the house: a few with masked numbers at once, many or with numbers once somebody agrees."""

import io

import pytest
from openpyxl import load_workbook

from tests.world import World

PHONE = "13812345678"


@pytest.fixture
def sold(world: World) -> World:
    world.says("张伟", f"录个客户 苏州汇川技术有限公司 制造业 王工 {PHONE}")
    world.heard("张伟")
    return world


def rows(world: World, name: str) -> list[list[str]]:
    """The cells of the newest file that somebody was sent."""
    _, content = world.files(name)[-1]
    sheet = load_workbook(io.BytesIO(content)).active
    return [[str(cell) for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]


def test_a_few_customers_come_at_once_with_their_numbers_masked_and_a_mark(sold: World) -> None:
    assert "导出客户 1 条" in "\n".join(sold.says("张伟", "导出我的客户"))
    sold.says("张伟", "确认")
    sold.works()
    sold.delivers()
    table = rows(sold, "张伟")
    said = "\n".join(" ".join(row) for row in table)
    assert "苏州汇川" in said
    assert PHONE not in said
    assert "聊单导出 · 张伟" in table[-1][0]


def test_numbers_come_once_whoever_must_has_agreed(sold: World) -> None:
    sold.says("张伟", "导出我的联系人电话")
    asked = "\n".join(sold.says("张伟", "确认"))
    assert "等王强同意" in asked
    sold.works()
    assert sold.files("张伟") == []
    sold.taps("王强", "同意")
    sold.taps("吴昊", "同意")
    sold.works()
    sold.delivers()
    assert PHONE in "\n".join(" ".join(row) for row in rows(sold, "张伟"))


def test_what_is_refused_is_never_made(sold: World) -> None:
    sold.says("张伟", "导出我的联系人电话")
    sold.says("张伟", "确认")
    sold.says("王强", "不同意 用不着")
    sold.works()
    sold.passes(days=30)
    sold.works()
    assert sold.files("张伟") == []
    assert "用不着" in "\n".join(sold.heard("张伟"))


def test_nothing_to_take_out_is_said_plainly(world: World) -> None:
    assert "没有可以导出的客户" in "\n".join(world.says("张伟", "导出我的客户"))
