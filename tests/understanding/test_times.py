"""Times as people type them, each with what it means on Thursday 2026-03-05 at 10:00."""

from collections.abc import Callable
from datetime import date, datetime

import pytest

from bot.understanding.times import TimeSpan, default_moment, find_times, impossible_dates
from connectors.workdays import ChinaWorkdays

Told = Callable[..., list[str]]
Times = Callable[..., list[TimeSpan]]

# Every sentence of the product's examples that speaks of a time, and some that only seem to.
PHRASES = {
    "跟进 华为 电话沟通了报价，对方要打九折，下周三下午三点再联系": ["moment 03-11 15:00"],
    "刚跟中兴李总通完电话，说预算砍了，先放放，月底再问": ["day 03-31"],
    "今天拜访了大疆，见的是采购张经理和技术老刘，演示效果不错～": ["day 03-05"],
    "跟进：宏达，发了样品": [],
    "上午去了华为和中兴，华为要改方案下周一给，中兴没见到人": ["day 03-05 (9 h)", "day 03-09"],
    "华为  改到周五下午４点": ["moment 03-06 16:00"],
    "提醒我半小时后给大疆王工回电话": ["moment 03-05 10:30"],
    "大后天上午10点去中兴演示 帮我记一下": ["moment 03-08 10:00"],
    "清明后联系比亚迪": ["day 04-07"],
    "把今天没跟的都顺延到明天": ["day 03-05", "day 03-06"],
    "1": [],
    "【语音】嗯那个…华为那边呢，刘总说价格还是有点高，嗯，让我们这周五之前给个最终价": ["deadline ..03-06"],
    "大疆王工电话139 1234 5678，邮箱wg@dji.com 加一下": [],
    "新线索 苏州汇川 王先生 13812345678 官网来的 要100台伺服": [],
    "录个客户：杭州海康，制造业，500人以上，联系人 陈总监": [],
    "这个号码是谁的 13800138000": [],
    "领３个华东的线索": [],
    "我还能领几个？": [],
    "暂时没意向，半年后再说": ["day 09-05"],
    "我明天请假，线索别收我的": ["day 03-06"],
    "华为这个再给我两天，客户出差了": [],
    "汇川转成客户，顺便建个商机 伺服采购 35万 6月底签": ["day 06-30"],
    "中兴 需求确认了，预算80w，老板拍板，Q2要上": ["range 04-01..06-30"],
    "比亚迪丢了，给友商抢了，价格低我们两成": [],
    "拿下了！！华为签了38.5万🎉": [],
    "给中兴出个报价 A型服务器10台 单价一万二 打85折": [],
    "申请特价 华为 九二折 原因：年框客户，量大": [],
    "让利5个点行不行": [],
    "拟个合同 用华为那个报价 账期30天": [],
    "华为回了第一笔款 12万5，昨天到的": ["day 03-04"],
    "这单能交货吗 什么时候": [],
    "今天干啥": ["day 03-05"],
    "我这个月还差多少": ["range 03-01..03-31"],
    "上次跟刘总聊到哪了": [],
    "我上周拜访了几家": ["range 02-23..03-01"],
    "我这个月能成多少，靠谱不": ["range 03-01..03-31"],
    "最多给到92折": [],
    "我出差，3月9号到13号让李娜替我批": ["range 03-09..03-13"],
    "5万以下的都批了": [],
    "他们去年最低给到几折": ["range 2025-01-01..2025-12-31"],
    "今天大家跟了谁": ["day 03-05"],
    "谁三天没跟客户了": [],
    "A类客户这周谁还没拜访": ["range 03-02..03-08"],
    "张伟下周离职，客户都交接给小陈，华为给李娜": ["range 03-09..03-15"],
    "本月漏斗": ["range 03-01..03-31"],
    "下个月能做多少": ["range 04-01..04-30"],
    "卡在商务谈判超过7天的单子": [],
    "给每人定个目标 3月 张伟50万 李娜60w 小陈20": ["range 03-01..03-31"],
    "回收时间改成48小时试算一下": [],
    "分配规则退回上周五的版本": ["day 02-27"],
    "每天6点给我发团队日报，周末别发": ["recurring every day 03-05 18:00", "range 03-07..03-08"],
    "晚上别吵我，大于50万的除外": ["day 03-05 (19 h)"],
    "VIP三个月没下单的有哪些": [],
    "3月1号那天华为是啥情况": ["day 03-01"],
    "新注册的走1/3/7天培育": [],
    "本月开票没回款的": ["range 03-01..03-31"],
    "工单12派给老李，今天下班前": ["deadline ..03-05 18:00"],
    "5月1到5号放假 9号上班": ["range 05-01..05-05", "day 05-09"],
    "昨天下午3点跟华为开的会补记一下 纪要见附件": ["moment 03-04 15:00"],
    "下下周二 / 3.17 / 三月十七 / 17号": ["day 03-17"] * 4,
    "下礼拜2": ["day 03-10"],
    "明天凌晨一点提醒我": ["moment 03-06 01:00"],
}


@pytest.mark.parametrize(("text", "meant"), PHRASES.items())
def test_the_times_of_the_products_examples(text: str, meant: list[str], told: Told) -> None:
    assert told(text) == meant


DAYS = {
    "今天": "day 03-05",
    "明儿上午": "day 03-06 (9 h)",
    "后天": "day 03-07",
    "後天": "day 03-07",
    "大后天": "day 03-08",
    "昨天": "day 03-04",
    "前天下午": "day 03-03 (14 h)",
    "大前天": "day 03-02",
    "周四": "day 03-05",
    "周四上午9点": "moment 03-12 09:00",
    "周一": "day 03-09",
    "这周一": "day 03-02",
    "这个礼拜六": "day 03-07",
    "下个星期一早上九点半": "moment 03-09 09:30",
    "下週三下午三點": "moment 03-11 15:00",
    "下周的周三": "day 03-11",
    "上礼拜三": "day 02-25",
    "礼拜天晚上七点": "moment 03-08 19:00",
    "星期天": "day 03-08",
    "17号": "day 03-17",
    "5号": "day 03-05",
    "4号": "day 04-04",
    "本月15号": "day 03-15",
    "下月8号上午": "day 04-08 (9 h)",
    "上个月25号": "day 02-25",
    "11月25日": "day 11-25",
    "1月4日": "day 01-04",
    "1月3日": "day 2027-01-03",
    "2月20日": "day 02-20",
    "三月十七": "day 03-17",
    "三月二十号": "day 03-20",
    "3.17": "day 03-17",
    "3/17": "day 03-17",
    "03-17": "day 03-17",
    "4.8号": "day 04-08",
    "11.30": "day 11-30",
    "2026-03-17": "day 03-17",
    "2026/3/17": "day 03-17",
    "2026.3.17": "day 03-17",
    "20260317": "day 03-17",
    "2026年3月17日 15:00": "moment 03-17 15:00",
    "2026-03-17T15:00": "moment 03-17 15:00",
    "26年3月17日": "day 03-17",
    "二〇二六年三月十七日": "day 03-17",
    "3月17日（周二）下午3点": "moment 03-17 15:00",
    "明天周五": "day 03-06",
    "下个工作日": "day 03-06",
    "下周第一个工作日": "day 03-09",
    "月底最后一个工作日": "day 03-31",
    "5月最后一个工作日": "day 05-29",
}
MONTHS_AND_MORE = {
    "本周": "range 03-02..03-08",
    "下下周": "range 03-16..03-22",
    "下周初": "range 03-09..03-10",
    "周末": "range 03-07..03-08",
    "上周末": "range 02-28..03-01",
    "上个月": "range 02-01..02-28",
    "3月": "range 03-01..03-31",
    "4月份": "range 04-01..04-30",
    "2月": "range 2027-02-01..2027-02-28",
    "去年12月": "range 2025-12-01..2025-12-31",
    "2026年6月": "range 06-01..06-30",
    "2026-06": "range 06-01..06-30",
    "月底": "day 03-31",
    "下月初": "range 04-01..04-10",
    "上月底": "day 02-28",
    "6月底": "day 06-30",
    "五月中旬": "range 05-11..05-20",
    "12月上旬": "range 12-01..12-10",
    "季度末": "day 03-31",
    "本季度末": "day 03-31",
    "下季度": "range 04-01..06-30",
    "上个季度": "range 2025-10-01..2025-12-31",
    "Q2": "range 04-01..06-30",
    "Q2底": "day 06-30",
    "第三季度": "range 07-01..09-30",
    "明年一季度": "range 2027-01-01..2027-03-31",
    "2026Q3": "range 07-01..09-30",
    "26年Q3": "range 07-01..09-30",
    "年底": "day 12-31",
    "今年底": "day 12-31",
    "去年年底": "day 2025-12-31",
    "上半年": "range 01-01..06-30",
    "明年上半年": "range 2027-01-01..2027-06-30",
    "去年": "range 2025-01-01..2025-12-31",
    "最近7天": "range 02-26..03-05",
    "近三个月": "range 2025-12-05..2026-03-05",
    "过去半年": "range 2025-09-05..2026-03-05",
    "未来一周": "range 03-05..03-12",
}
CLOCKS = {
    "3点": "moment 03-05 15:00",
    "三点一刻": "moment 03-05 15:15",
    "三点三刻": "moment 03-05 15:45",
    "3点05": "moment 03-05 15:05",
    "三点十五分": "moment 03-05 15:15",
    "8点半": "moment 03-06 08:30",
    "9点": "moment 03-06 09:00",
    "12点": "moment 03-05 12:00",
    "零点": "moment 03-06 00:00",
    "15:30": "moment 03-05 15:30",
    "15：30": "moment 03-05 15:30",
    "15时30分": "moment 03-05 15:30",
    "3pm": "moment 03-05 15:00",
    "下午４点": "moment 03-05 16:00",
    "明早九点": "moment 03-06 09:00",
    "明天早8点": "moment 03-06 08:00",
    "今晚8点": "moment 03-05 20:00",
    "周五晚八点": "moment 03-06 20:00",
    "凌晨一点": "moment 03-06 01:00",
    "晚上12点": "moment 03-06 00:00",
    "半夜两点": "moment 03-06 02:00",
    "中午1点": "moment 03-05 13:00",
    "明天一点": "moment 03-06 13:00",
    "周五，10点": "moment 03-06 10:00",
    "后天晚上": "day 03-07 (19 h)",
    "昨晚": "day 03-04 (19 h)",
}
LENGTHS = {
    "半小时后": "moment 03-05 10:30",
    "一个半小时后": "moment 03-05 11:30",
    "1小时30分钟后": "moment 03-05 11:30",
    "1.5小时后": "moment 03-05 11:30",
    "一刻钟后": "moment 03-05 10:15",
    "2h后": "moment 03-05 12:00",
    "3天后": "day 03-08",
    "三天后下午三点": "moment 03-08 15:00",
    "三天后天气好再说": "day 03-08",
    "两周后": "day 03-19",
    "一个礼拜后": "day 03-12",
    "半个月后": "day 03-20",
    "两个半月后": "day 05-20",
    "半年后": "day 09-05",
    "一年半后": "day 2027-09-05",
    "过两天": "day 03-07",
    "隔两天": "day 03-07",
    "再过三天": "day 03-08",
    "5个工作日后": "day 03-12",
    "3天前": "day 03-02",
    "半年前": "day 2025-09-05",
}
DEADLINES = {
    "3个工作日内": "deadline ..03-10",
    "48小时内": "deadline ..03-07 10:00",
    "一周内": "deadline ..03-12",
    "60日内": "deadline ..05-04",
    "周五之前": "deadline ..03-06",
    "月底前": "deadline ..03-31",
    "3月20号前": "deadline ..03-20",
    "下周前": "deadline ..03-08",
    "6月前": "deadline ..05-31",
    "今天下午5点半前": "deadline ..03-05 17:30",
    "明天下班前": "deadline ..03-06 18:00",
    "下周一上班前": "deadline ..03-09 09:00",
    "最晚周五": "deadline ..03-06",
    "截止3月底": "deadline ..03-31",
    "本周内": "deadline ..03-08",
    "月内": "deadline ..03-31",
    "年内": "deadline ..12-31",
    "国庆前": "deadline ..09-30",
    "节前": "deadline ..04-04",
}
FESTIVALS = {
    "清明后": "day 04-07",
    "节后第一个工作日": "day 04-07",
    "国庆后": "day 10-08",
    "国庆后第二个工作日": "day 10-09",
    "五一长假后": "day 05-06",
    "五一节前": "deadline ..04-30",
    "十一假期后": "day 10-08",
    "明年春节后": "day 2027-02-12",
    "过完年": "day 2027-02-12",
    "年后": "day 2027-02-12",
    "去年国庆": "day 2025-10-01",
    "中秋前一天": "day 09-24",
    "圣诞节": "day 12-25",
    "双十一": "day 11-11",
    "元宵节": "day 2027-02-20",
    "除夕": "day 2027-02-05",
}
SENTENCES = {
    "约了刘总后天下午三点半去他们公司": "moment 03-07 15:30",
    "下个礼拜二之前把方案发过去，别忘了": "deadline ..03-10",
    "这事儿先放一放，等过完清明再联系": "day 04-07",
    "昨儿下午两点半打的电话": "moment 03-04 14:30",
    "明天上午9点到10点半跟中兴开会": "range 03-06 09:00-10:30",
    "下周一至周三出差": "range 03-09..03-11",
    "5月20号下午2点见面，地点在国庆路17号3楼": "moment 05-20 14:00",
    "这个月25号之前必须回款": "deadline ..03-25",
    "三个工作日之后": "day 03-10",
}
STRETCHES = {
    "9点到11点": "range 03-06 09:00-11:00",
    "下午3点到5点": "range 03-05 15:00-17:00",
    "11点到1点": "range 03-05 11:00-13:00",
    "明天9-11点": "range 03-06 09:00-11:00",
    "明天下午2到4点": "range 03-06 14:00-16:00",
    "明早8点到下午3点": "range 03-06 08:00-15:00",
    "3月17号（周二）14:00-15:30": "range 03-17 14:00-15:30",
    "22:00-02:00": "range 03-05..03-06 22:00-02:00",
    "3月9号到13号": "range 03-09..03-13",
    "3月17-20号": "range 03-17..03-20",
    "17号到19号": "range 03-17..03-19",
    "17到30号": "range 03-17..03-30",
    "28号到3号": "range 03-28..04-03",
    "9-13号": "range 03-09..03-13",
    "2月1号到2月10号": "range 02-01..02-10",
    "3.9-3.13": "range 03-09..03-13",
    "2026-03-01至2026-03-31": "range 03-01..03-31",
    "周一到周三": "range 03-09..03-11",
    "周三到周五": "range 03-04..03-06",
    "上周一到周五": "range 02-23..02-27",
    "1月到3月": "range 01-01..03-31",
    "3-5月": "range 03-01..05-31",
    "12月到2月": "range 2026-12-01..2027-02-28",
}
RECURRING = {
    "每天早上8点半": "recurring every day 03-06 08:30",
    "每周一上午9点": "recurring every week 03-09 09:00",
    "每周五": "recurring every week 03-06",
    "每月5号": "recurring every month 03-05",
    "每月5号上午9点": "recurring every month 04-05 09:00",
    "每月底": "recurring every month@31 03-31",
    "每个工作日9点": "recurring every workday 03-06 09:00",
    "工作日早上9点": "recurring every workday 03-06 09:00",
    "每个季度": "recurring every quarter 03-05",
}
TABLE = {
    **DAYS,
    **MONTHS_AND_MORE,
    **CLOCKS,
    **LENGTHS,
    **DEADLINES,
    **FESTIVALS,
    **SENTENCES,
    **STRETCHES,
    **RECURRING,
}


@pytest.mark.parametrize(("text", "meant"), TABLE.items())
def test_a_time_means(text: str, meant: str, told: Told) -> None:
    assert told(text) == [meant]


NO_TIMES = [
    *("13812345678", "139 1234 5678", "010-62551234", "400-820-8820", "8613812345678", "110101199003071234"),
    *(
        "12.5万",
        "报价3.5",
        "单价 12.30元",
        "3.5折",
        "九折",
        "让5个点",
        "三点五亿",
        "百分之三点五",
        "涨了3点5%",
        "1200元",
    ),
    *("100台", "十套", "500人", "3次", "第3天", "v3.17", "10.0.0.1", "1/3/7天", "1/3的客户", "比例1:10", "A12点"),
    *("3点要求", "有三点建议", "我说两点：", "提了3点", "便宜一点", "有一点贵", "早一点联系", "一点也不急", "三点五"),
    *("中山路17号", "17号会议室", "3号楼", "12号线", "尾号1234", "单号20260317", "订单20260230", "38号"),
    *(
        "今日头条",
        "早上好",
        "下午茶",
        "周六福",
        "一周三次",
        "王国庆",
        "三一重工",
        "五一广场",
        "下一步",
        "下单",
        "十分满意",
    ),
    *(
        "三天没跟",
        "超过7天",
        "账期30天",
        "几天后",
        "两三天后",
        "十几天后",
        "过几天",
        "半天后",
        "25点",
        "什么时候",
        "",
        " ",
    ),
]


@pytest.mark.parametrize("text", NO_TIMES)
def test_no_time(text: str, told: Told) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2月30日签约", "2月30日"),
        ("4月31号下午3点", "4月31号下午3点"),
        ("13月5号", "13月5号"),
        ("2026-02-30", "2026-02-30"),
        ("2月29日", "2月29日"),
        ("3月17日周三见", "3月17日周三"),
        ("2月27到30号", "2月27到30号"),
        ("2月29到3月2号", "2月29到3月2号"),
    ],
)
def test_a_day_that_does_not_exist_is_reported_instead_of_read(
    text: str, words: str, now: datetime, workdays: ChinaWorkdays, told: Told
) -> None:
    assert told(text) == []
    assert [span.words for span in impossible_dates(text, now, workdays=workdays)] == [words]


def test_two_days_with_a_blank_between_are_two_days(told: Told) -> None:
    assert told("17号 周三") == ["day 03-17", "day 03-11"]


def test_spans_cut_the_original_words(times: Times) -> None:
    text = "王总說　下週三的下午３點，在他公司"
    (span,) = times(text)
    assert text[span.start : span.end] == span.words == "下週三的下午３點"
    assert span.at == datetime(2026, 3, 11, 15, tzinfo=span.zone)


def test_looking_back_a_bare_day_is_the_last_one(told: Told) -> None:
    assert told("周一拜访了华为", lean="past") == ["day 03-02"]
    assert told("2月的业绩", lean="past") == ["range 02-01..02-28"]
    assert told("下午3点通的电话", lean="past") == ["moment 03-04 15:00"]
    assert told("12号", lean="past") == ["day 02-12"]
    assert told("周一到周三跑了客户", lean="past") == ["range 03-02..03-04"]


def test_an_hour_moved_to_the_afternoon_says_so(times: Times) -> None:
    assert [span.inferred for span in times("每天6点、下午6点、9点半、18:00")] == [True, False, False, False]


def test_in_the_middle_of_a_holiday_after_the_holiday_means_this_one(told: Told, now: datetime) -> None:
    assert told("节后", now.replace(month=2, day=18)) == ["day 02-24"]
    assert told("国庆后", now.replace(month=10, day=3)) == ["day 10-08"]


def test_a_leap_day_is_a_day_in_a_leap_year(told: Told, now: datetime) -> None:
    assert told("2月29日", now.replace(year=2028, month=1)) == ["day 2028-02-29"]
    assert told("2月29日", now.replace(year=2027, month=9)) == ["day 2028-02-29"]
    assert told("2月29日", now.replace(year=2027, month=1)) == []


def test_a_list_of_weekdays_stays_in_its_week(told: Told) -> None:
    assert told("下周四周五都行") == ["day 03-12", "day 03-13"]
    assert told("上周一和周三去了华为") == ["day 02-23", "day 02-25"]
    assert told("上周五去的，说好周三再去") == ["day 02-27", "day 03-11"]


@pytest.mark.parametrize(
    ("text", "hour", "moment"),
    [
        ("下周三", 9, "03-11 09:00"),
        ("明天", 14, "03-06 14:00"),
        ("明天下午", 9, "03-06 14:00"),
        ("下周", 9, "03-09 09:00"),
        ("周五之前", 9, "03-06 09:00"),
        ("明天15:30", 9, "03-06 15:30"),
    ],
)
def test_a_day_without_an_hour_takes_the_default_one(text: str, hour: int, moment: str, times: Times) -> None:
    (span,) = times(text)
    assert f"{default_moment(span, hour):%m-%d %H:%M}" == moment
    assert default_moment(span, hour).tzinfo is not None


def test_the_calendar_is_asked_and_not_assumed(now: datetime) -> None:
    class SundayWorkers:
        def is_workday(self, day: date) -> bool:
            return day.weekday() == 6

        def holiday(self, name: str, year: int) -> date | None:
            return date(year, 8, 8) if name == "国庆" else None

    def first_day(text: str) -> date:
        return find_times(text, now, workdays=SundayWorkers())[0].from_

    assert first_day("下个工作日") == date(2026, 3, 8)
    assert first_day("国庆") == date(2026, 8, 8)
    assert find_times("端午前", now, workdays=SundayWorkers()) == []


def test_a_calendar_without_workdays_ends_the_search(now: datetime) -> None:
    class Never:
        def is_workday(self, day: date) -> bool:
            return False

        def holiday(self, name: str, year: int) -> date | None:
            return None

    assert find_times("3个工作日后", now, workdays=Never()) == []
    assert find_times("节后", now, workdays=Never()) == []
