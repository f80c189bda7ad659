"""The same company, the same number (semantics B.5)."""

import pytest

from core.rules.duplicates import core_name, mask_person, mask_phone, plain_credit_code, plain_name, plain_phone
from core.rules.likeness import likeness


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("华为技术有限公司", "华为"),
        ("华为技术（深圳）有限公司", "华为"),
        (" 华为 ", "华为"),
        ("浙江天成自控股份有限公司", "天成自控"),
        ("深圳市云帆智联科技有限公司", "云帆智联"),
        ("宁德时代新能源科技股份有限公司", "宁德时代新能源"),
        ("上海宏达贸易", "宏达"),
        ("Acme Corporation", "acmecorporation"),
        ("北京科技有限公司", "科技"),
    ],
)
def test_a_company_name_is_stripped_to_its_brand(name: str, core: str) -> None:
    assert core_name(name) == core


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("13812345678", "+86 138-1234-5678"),
        ("１３８１２３４５６７８", "8613812345678"),
        ("021-68881234", "+86 21 6888 1234"),
        ("400-800-1234", "+86 400 800 1234"),
    ],
)
def test_spellings_of_one_number_are_equal(one: str, other: str) -> None:
    assert plain_phone(one) == plain_phone(other) is not None


@pytest.mark.parametrize("nobody", [None, "", "110", "无", "12345"])
def test_a_few_digits_identify_nobody(nobody: str | None) -> None:
    assert plain_phone(nobody) is None


def test_masks_show_head_and_tail_only() -> None:
    assert mask_phone("13812345678") == "138****5678"
    assert mask_phone(None) == ""
    assert mask_person("王先生") == "王*"


def test_a_full_name_is_compared_without_width_case_and_blanks() -> None:
    assert plain_name("ＡＢＣ 科技（上海）") == plain_name("abc科技(上海)")


@pytest.mark.parametrize(
    ("one", "other", "value"),
    [
        ("华为技术有限公司", "华为技术　有限公司", 1.0),
        ("华为技术有限公司", "华为技术（深圳）有限公司", 0.8),
        ("苏州宏达科技有限公司", "无锡宏达科技有限公司", 0.7),
        ("万科", "万科企业股份有限公司", 0.7),
        ("苏州汇川技术", "苏州惠川技术有限公司", 0.65),
        ("宁波诚杰华贸易", "宁波诚华贸易有限公司", 0.6),
        ("经纬纺机", "经纬纺织机械股份有限公司", 0.6),
        ("苏州宏达机电", "苏州宏远机电有限公司", 0.0),
        ("诚华科技（佛山市）有限公司", "广州市盛华科技股份有限公司", 0.0),
        ("中铁一局集团有限公司", "中铁二局集团有限公司", 0.0),
    ],
)
def test_names_have_a_score(one: str, other: str, value: float) -> None:
    assert likeness(one, other).value == value


@pytest.mark.parametrize(
    ("code", "kept"),
    [("91350100m000100y43", "91350100M000100Y43"), ("91350100M000100Y44", None), ("123", None), (None, None)],
)
def test_a_credit_code_is_believed_by_its_check_character(code: str | None, kept: str | None) -> None:
    assert plain_credit_code(code) == kept
