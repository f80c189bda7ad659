"""How names sound, and what they consist of."""

import pytest
from pypinyin import Style, lazy_pinyin, pinyin

from core.rules.hanzi import fold_sound, readings, simplified, sound, sounds
from core.rules.naming import called, customer_entries, parts_of, split_address, surname_of


def test_our_readings_are_among_those_of_the_library() -> None:
    """Every character of the common set, so that a slip in our table is a failing test."""
    common = [chr(code) for code in range(0x4E00, 0xA000) if _is_common(chr(code))]
    known = {one: {_plain(r) for r in pinyin(one, style=Style.NORMAL, heteronym=True)[0]} for one in common}
    assert [one for one in common if not set(readings(one)) & known[one]] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("华为", "华唯"),
        ("宏达", "宏大"),
        ("宏达", "洪答"),
        ("中兴", "宗兴"),
        ("兰州", "南州"),
        ("星辰", "新陈"),
        ("绿源", "绿元"),
    ],
)
def test_names_that_sound_alike_share_a_key(one: str, other: str) -> None:
    assert sound(one) == sound(other)


def test_what_is_typed_in_pinyin_has_the_key_of_the_name() -> None:
    for name in ("华为", "宏达", "银岗", "绿源", "中兴", "四川长虹"):
        assert fold_sound("".join(lazy_pinyin(name, v_to_u=False))) in sounds(name), name


@pytest.mark.parametrize(
    ("name", "region", "brand", "trade"),
    [
        ("苏州汇川技术有限公司", "苏州", "汇川", "技术"),
        ("华为技术（深圳）有限公司", "", "华为", "技术"),
        ("深圳市振业(集团)股份有限公司", "深圳市", "振业", ""),
        ("宁德时代新能源科技股份有限公司", "宁德", "时代", "新能源科技"),
        ("比亚迪股份有限公司", "", "比亚迪", ""),
        ("上海华东电脑股份有限公司", "上海", "华东电脑", ""),
        ("锦州港股份有限公司", "", "锦州港", ""),
        ("TCL科技集团股份有限公司", "", "tcl", "科技"),
        ("Acme Corp.", "", "acme", ""),
        ("Golden Gate Co., Ltd.", "", "goldengate", ""),
        ("公司", "", "公司", ""),
        ("", "", "", ""),
    ],
)
def test_the_parts_of_a_company_s_name(name: str, region: str, brand: str, trade: str) -> None:
    parts = parts_of(name)
    assert (parts.region, parts.brand, parts.trade) == (region, brand, trade)


def test_a_listed_company_is_called_without_the_marks_of_the_exchange() -> None:
    assert "天雁" in called("湖南天雁机械股份有限公司", "*ST天雁")
    assert "万科" in called("万科企业股份有限公司", "万科A")


def test_a_name_costs_few_rows() -> None:
    assert len(customer_entries("苏州汇川技术有限公司")) <= 5
    assert len(customer_entries("长" * 200)) <= 12


def test_surnames_and_titles() -> None:
    assert split_address("李总") == ("李", "总")
    assert split_address("欧阳经理") == ("欧阳", "经理")
    assert split_address("老总") == ("老总", "")
    assert (surname_of("欧阳锋"), surname_of("单小红"), surname_of("欧阳")) == ("欧阳", "单", "欧")


def _is_common(character: str) -> bool:
    try:
        return len(character.encode("gb2312")) == 2 and simplified(character) == character
    except UnicodeEncodeError:
        return False


def _plain(spelled: str) -> str:
    return spelled.replace("ü", "v")
