"""Times read on another day, and laws that hold for every day: Wednesday 2026-11-18 at 10:30 unless said otherwise."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lark.parsers.lalr_interactive_parser import InteractiveParser

from bot.understanding.times import find_times, impossible_dates
from connectors.workdays import ChinaWorkdays

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEDNESDAY = datetime(2026, 11, 18, 10, 30, tzinfo=SHANGHAI)
WORKDAYS = ChinaWorkdays()
Told = Callable[..., list[str]]

NOVEMBER = {
    "一个月后": "day 12-18",
    "两周后": "day 12-02",
    "周二": "day 11-24",
    "本周五": "day 11-20",
    "这周五下午": "day 11-20 (14 h)",
    "上周四": "day 11-12",
    "11月25号上午": "day 11-25 (9 h)",
    "5号": "day 12-05",
    "下个月5号": "day 12-05",
    "十一月二十五号": "day 11-25",
    "2026.12.1": "day 12-01",
    "下个工作日": "day 11-19",
    "5个工作日后": "day 11-25",
    "3月15号": "day 2027-03-15",
    "明年3月1号": "day 2027-03-01",
    "元旦后第一个工作日": "day 2027-01-04",
    "国庆后第一个工作日": "day 2027-10-08",
    "元旦": "day 2027-01-01",
    "中秋节": "day 2027-09-15",
    "90分钟后": "moment 11-18 12:00",
    "后天晚上八点一刻": "moment 11-20 20:15",
    "12/3 下午2点": "moment 12-03 14:00",
    "2026-12-01 14:00": "moment 12-01 14:00",
    "12月1日14时30分": "moment 12-01 14:30",
    "二十五号下午三点半": "moment 11-25 15:30",
    "48小时内": "deadline ..11-20 10:30",
    "约了王总下周三下午三点在他公司见面，记得带合同": "moment 11-25 15:00",
    "张三13812345678明天10点回访": "moment 11-19 10:00",
    "周五14:00跟李经理开会": "moment 11-20 14:00",
    "月底前把首付款30%打过来": "deadline ..11-30",
    "春节前": "deadline ..2027-02-05",
    "客户说后天给答复，报价12.5万": "day 11-20",
    "上个月": "range 10-01..10-31",
    "去年12月": "range 2025-12-01..2025-12-31",
    "最近7天": "range 11-11..11-18",
    "下季度": "range 2027-01-01..2027-03-31",
    "三百二十万的单子，预计12月中旬签": "range 12-11..12-20",
    "下周末": "range 11-28..11-29",
}


@pytest.mark.parametrize(("text", "meant"), NOVEMBER.items())
def test_a_time_means(text: str, meant: str, told: Told) -> None:
    assert told(text, WEDNESDAY) == [meant]


@pytest.mark.parametrize("text", ["先不跟了", "我们一共有3点要求", "这个报价80w太高了"])
def test_no_time(text: str, told: Told) -> None:
    assert told(text, WEDNESDAY) == []


DATES = st.dates(date(2020, 1, 1), date(2035, 12, 31))
CHINESE = "〇一二三四五六七八九"


def spelled(number: int) -> str:
    """Write 17 as 十七."""
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else CHINESE[tens]) + ("十" if tens else "") + (CHINESE[ones] if ones else "")


@given(DATES)
def test_every_spelling_of_a_date_is_that_date(day: date) -> None:
    year = "".join(CHINESE[int(digit)] for digit in str(day.year))
    for text in (
        f"{day:%Y-%m-%d}",
        f"{day:%Y/%m/%d}",
        f"{day:%Y%m%d}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{year}年{spelled(day.month)}月{spelled(day.day)}号",
        f"交货{day.year}年{day.month}月{day.day}号（周{'一二三四五六日'[day.weekday()]}）前后",
    ):
        assert [(span.from_, span.to) for span in find_times(text, WEDNESDAY, workdays=WORKDAYS)] == [(day, day)], text


@given(DATES, st.integers(0, 5))
def test_a_date_without_its_year_is_near(said_on: date, months: int) -> None:
    now = datetime(said_on.year, said_on.month, said_on.day, 9, tzinfo=SHANGHAI)
    day = said_on + timedelta(30 * months)
    for text in (f"{day.month}月{day.day}号", f"{day.month}/{day.day}", f"{spelled(day.month)}月{spelled(day.day)}"):
        assert [span.from_ for span in find_times(text, now, workdays=WORKDAYS)] == [day], text


@given(st.integers(0, 23), st.integers(0, 59))
def test_a_written_clock_time_is_that_time(hour: int, minute: int) -> None:
    for text in (f"明天{hour:02}:{minute:02}", f"明天{hour:02}:{minute:02}:00"):
        (span,) = find_times(text, WEDNESDAY, workdays=WORKDAYS)
        assert span.at == datetime(2026, 11, 19, hour, minute, tzinfo=SHANGHAI)


TIME_WORDS = re.findall(
    r"\S+",
    """今天 明天 下 上 本 周 周三 星期 月 年 日 号 点 半 刻 分 时 小时 天 个 工作日 第一个工作日 后 前 内 到 至 - ~ :
    ， 、 的 1 2 3 17 30 2026 三 十 二十 两 每 每天 每周 最近 未来 过 最晚 底 初 末 中旬 季度 Q2 年底 月底 国庆 节
    清明 凌晨 下午 晚上 早 晚 一点 有 3.17 3/17 2026-03-17 15:30 下班 周末 ( ) 万 台 % 😀""",
)
NONSENSE = st.lists(st.sampled_from([*TIME_WORDS, " ", "\n"]), max_size=40).map("".join)


@given(NONSENSE | st.text(max_size=80), st.sampled_from(["future", "past"]))
def test_nothing_that_can_be_typed_breaks_the_reader(text: str, lean: str) -> None:
    end = 0
    for span in find_times(text, WEDNESDAY, workdays=WORKDAYS, lean=lean):
        assert end <= span.start < span.end <= len(text)
        assert span.words == text[span.start : span.end]
        assert span.kind == "deadline" or span.from_ <= span.to
        assert span.at is None or span.at.tzinfo is SHANGHAI
        end = span.end
    assert all(span.words for span in impossible_dates(text, WEDNESDAY, workdays=WORKDAYS))


HOSTILE = [
    *(
        "明天后天大后天下周三下周四",
        "三",
        "1",
        "1 ",
        "三天",
        "3月",
        "下",
        "有三点",
        "9点到",
        "每周",
        "2026-03-",
        "百分之三点五",
    ),
    *("第一个工作日", "国庆后", "节后", "月底第一个工作日", "周三的", " ", "(", "-", "3.", "1/", "过", "最近", "年"),
    "3月17日下午3点到",
]


@pytest.mark.parametrize("words", HOSTILE)
def test_work_grows_only_with_the_length_of_the_text(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = 0
    feed = InteractiveParser.feed_token

    def counted(self: InteractiveParser, token: object) -> object:
        nonlocal steps
        steps += 1
        return feed(self, token)

    monkeypatch.setattr(InteractiveParser, "feed_token", counted)
    text = (words * 2000)[:2000]
    find_times(text, WEDNESDAY, workdays=WORKDAYS)
    assert steps <= 4 * len(text)
