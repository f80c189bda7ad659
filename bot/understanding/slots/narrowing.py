"""What narrows a question down: of which place, team, trade, product, stage or colleague, how and from which sum on."""

import re
from typing import Final

from bot.aims import departments_by_name
from bot.understanding.intents.our_reports import our_report_in
from bot.understanding.sentence import AMOUNT, PRODUCT, REGION, TIME
from bot.understanding.slots.basics import (
    plain,
    read_grade,
    read_industry,
    read_member,
    read_region,
    read_source,
    read_stage,
)
from bot.understanding.slots.draft import Draft
from bot.understanding.slots.met import read_method
from bot.understanding.slots.moments import read_count_days, read_past_period
from bot.understanding.slots.money import read_debtor
from core.services.reports import REPORTS

_TEAM: Final = re.compile(r"团队|部门|组|部")
_BELOW: Final = re.compile(r"\s?(?:以下|以内|之内|往下)|(?:低于|少于|小于|不到|不超过|不足)\s?(?=\Z)")
_GRADED: Final = re.compile(r"(?<![A-Za-z])[A-Ea-e]\s?(?:类|级)")


def read_narrowed(draft: Draft) -> None:
    """Everything by which a list or a report is narrowed down; who reads it decides what of it counts."""
    if "department" not in draft.slots:
        read_place_or_team(draft)
    for read in (read_industry, read_source, read_member, read_product_said, read_stage):
        read(draft)


def read_our_report(draft: Draft) -> None:
    """Which of the reports that are always there is asked for, of when and of whom."""
    name = our_report_in(draft.call.clause.words if draft.call is not None else draft.sentence.template)
    if not name:
        return
    draft.put("name", REPORTS[name].label.partition("：")[0], draft.text)
    read_past_period(draft)
    read_narrowed(draft)


def read_narrowed_sum(draft: Draft) -> None:
    """From which sum on, or up to which where it is said to be below: 50万以上的, 低于10万的."""
    found = draft.marked(AMOUNT)
    if not found:
        return
    piece, text = found[0], draft.sentence.text
    draft.put("amount", plain(piece.value.yuan), piece)
    if _BELOW.match(text, piece.end) or _BELOW.search(text[max(0, piece.start - 4) : piece.start]):
        draft.put("part", "以下", piece.words)


def read_debtors(draft: Draft) -> None:
    """Whose money is asked for: one customer's, or that of all who owe so much for so long in a place."""
    read_debtor(draft)
    if "customer" in draft.slots or draft.choices:
        return
    for read in (read_count_days, read_narrowed_sum, read_whose_team, read_narrowed):
        read(draft)


def read_narrowed_way(draft: Draft) -> None:
    """By which way of contact, where it is named as one: 都跑了谁家 asks for everything."""
    if _NAMED_WAY.search(draft.text):
        read_method(draft)


_NAMED_WAY: Final = re.compile(
    r"电话|微信|邮件|短信|拜访|上门|登门|走访|面谈|出门|出外勤|视频|开会|演示|打[^，]{0,4}通|企微"
)


def read_since(draft: Draft) -> None:
    """For how many days nothing was done, or in which days: 三天没跟, 上周没跟; 三日 is here no third of a month."""
    read_count_days(draft)
    if "count" not in draft.slots or not any(_A_DAY.fullmatch(piece.words) for piece in draft.marked(TIME)):
        read_past_period(draft)


_A_DAY: Final = re.compile(r"[一二两三四五六七八九十\d]+\s?[天日]")


def read_visit(draft: Draft) -> None:
    """By which way of contact somebody was not heard of; 没去, 没跑 and 没上门 speak of visits."""
    read_method(draft)
    if _NOT_GONE.search(draft.text):
        draft.put("method", "visit", "")


_NOT_GONE: Final = re.compile("(?:没|未|没有)(?:有)?(?:人)?(?:去|跑)")


def read_narrowed_grade(draft: Draft) -> None:
    """Of which grade, where a letter says so."""
    if _GRADED.search(draft.text):
        read_grade(draft)


def read_whose_team(draft: Draft) -> None:
    """A colleague, else a department that is named, with or without a word for one: where people are listed, 华东 is those there."""
    read_member(draft)
    if "member" in draft.slots or read_team(draft):
        return
    names = departments_by_name(draft.ctx.uow)
    places = {piece.value.name for piece in draft.marked(REGION)}
    if len(places) == 1 and places < names.keys():
        draft.put("department", *places, *places)


def read_place_or_team(draft: Draft) -> None:
    """A department where it is named as one, 华东团队, else a place, 华东; of several that are compared none."""
    if not read_team(draft) and len({piece.value.name for piece in draft.marked(REGION)}) == 1:
        read_region(draft)


def read_team(draft: Draft) -> bool:
    """Read a department that is named as one: 华东团队, 销售部."""
    if _TEAM.search(draft.text) is None:
        return False
    names = sorted(departments_by_name(draft.ctx.uow), key=len, reverse=True)
    said = next(
        (
            one
            for one in names
            if re.search(rf"{re.escape(one)}(?:团队|部门|组|部)|{re.escape(one)}(?<=部|组)", draft.text)
        ),
        "",
    )
    draft.put("department", said, said)
    return bool(said)


def read_product_named(draft: Draft) -> None:
    """What deals are about, in words that no price list has to know: 伺服电机的单子."""
    group = draft.group("product")
    if group is not None:
        words = draft.said(*group)
        draft.put("product", words, words)


def read_product_said(draft: Draft) -> None:
    """A product that is named."""
    found = draft.marked(PRODUCT)
    if found:
        draft.put("product", found[0].words, found[0])
