"""Reports with a name, and what comes after a report: another month, by people, as a file, the records behind it."""

import re
from dataclasses import replace
from datetime import date
from typing import Final

from bot.aims import departments_by_name
from bot.cards.card import Card
from bot.cards.leads import undo_button
from bot.cards.reports import SOURCE, behind_card
from bot.cards.saved import saved_card, saved_list_card
from bot.context import Context
from bot.looking import carried, look, said_filters, view_of
from bot.report_words import COMPANY, chart_in
from bot.router import Router
from core.errors import BadInput
from core.model.member import Member
from core.model.report import SavedReport, View
from core.rules.metrics.declared import find_dimension, find_measure
from core.rules.metrics.periods import previous, same_last_year
from core.rules.metrics.relative import period_of
from core.services.members import find_member
from core.services.reports import report_called
from core.services.reports.asking import span_of, today
from core.services.reports.behind import drill, opens
from core.services.reports.pivot import dimensions_of
from core.services.reports.sheets import order_sheet
from core.services.reports.views import PIVOT, asked_of, said_view
from core.services.saved_reports import (
    ALL,
    find_saved,
    is_saved,
    last_look,
    own_saved,
    remove_report,
    rename_report,
    save_report,
    saved_for,
    share_report,
)

router = Router()

ROWS: Final = 10
_ROLES: Final = {
    "主管": "role:manager", "经理": "role:manager", "总监": "role:director", "销售": "role:rep", "财务": "role:finance",
    "市场": "role:marketing", "管理员": "role:admin",
}  # fmt: skip
_ADDS: Final = re.compile(r"拆|细分|再按|展开|也按")
_YEAR_AGO: Final = re.compile(r"去年同期|上年同期|同比")
_BEFORE: Final = re.compile(r"上一?期|环比|前一期|上个周期")
_WITHOUT: Final = re.compile(
    r"(?:去掉|取消|不要|清除|清空|去除).*(?:条件|筛选|过滤|限制)|全部|全公司|整体|总体|所有|全国|总的"
)
_SPLIT: Final = {
    "funnel": ("进入数", "转化率"), "ranking": ("赢单金额", "赢单数"), "targets": ("赢单金额",),
}  # fmt: skip
"""What of a report with lines of its own is shown by something else."""


@router.command("report.save", "存报表", "把这个存成")
def save(ctx: Context, name: str) -> Card:
    """把这个存成 区域月报：刚看的报表起个名字，以后说名字就看；「本月」到下个月就是下个月"""
    view = _last(ctx)
    saved, again = save_report(ctx.uow, name, view)
    return saved_card(saved, said_view(ctx.uow, view), again=again, undo=undo_button(ctx.uow.command))


@router.command("report.show", "看报表", "打开报表")
def show(
    ctx: Context,
    name: str,
    *,
    from_: date | None = None,
    to: date | None = None,
    member: Member | None = None,
    region: str = "",
    department: str = "",
    industry: str = "",
    product: str = "",
    source: str = "",
) -> Card:
    """看报表 区域月报：看自己存的或别人分享的报表；也可以说「线索响应时间怎么样」「今年输赢情况」"""
    ours = report_called(name) if not is_saved(ctx.uow, name) else None
    if ours is None:
        return _opened(ctx, find_saved(ctx.uow, name))
    where = said_filters(region=region, department=department, industry=industry, product=product, source=source)
    return look(ctx, view_of(ctx, ours.name, from_, to, member, where=where))


@router.button("report.open")
def open_saved(ctx: Context, number: int) -> Card:
    """打开存的报表"""
    saved = next((one for one in saved_for(ctx.uow) if one.id == number), None)
    if saved is None:
        raise BadInput("这个报表已经删除，或者不再分享给您。发送「我的报表」看看还有哪些")
    return _opened(ctx, saved)


def _opened(ctx: Context, saved: SavedReport) -> Card:
    card = look(ctx, View.from_json(saved.view))
    return replace(card, subtitle=card.subtitle or f"报表「{saved.name}」")


@router.command("report.list", "我的报表", "报表列表")
def every(ctx: Context) -> Card:
    """我的报表：自己存的和别人分享的报表"""
    found = saved_for(ctx.uow)
    owners = ctx.uow.members.find({one.member_id for one in found})
    said = [(one, owners[one.member_id].name if one.member_id != ctx.member.id else "") for one in found]
    return saved_list_card(said, {one.id: said_view(ctx.uow, View.from_json(one.view)) for one in found})


@router.command("report.rename", "报表改名")
def rename(ctx: Context, name: str, to: str) -> Card:
    """报表改名 区域月报 改成 华东月报：换个名字"""
    saved = own_saved(ctx.uow, name)
    before = saved.name
    rename_report(ctx.uow, saved, to)
    return Card(
        title=f"报表「{before}」已改名为「{saved.name}」", source=SOURCE, buttons=(undo_button(ctx.uow.command),)
    )


@router.command("report.delete", "删除报表")
def delete(ctx: Context, name: str) -> Card:
    """删除报表 区域月报：不再保留这个名字，订阅它的人也不再收到"""
    saved = own_saved(ctx.uow, name)
    remove_report(ctx.uow, saved)
    return Card(title=f"已删除报表「{saved.name}」", source=SOURCE, buttons=(undo_button(ctx.uow.command),))


@router.command("report.share", "分享报表")
def share(ctx: Context, name: str, whom: str, what: str = "") -> Card:
    """分享报表 区域月报 给 华东：给部门、角色、同事或全公司，各人看到的只是各人权限内的数字"""
    saved = own_saved(ctx.uow, name)
    named = _whom(ctx, whom)
    share_report(ctx.uow, saved, [one for one, _ in named], ends=bool(what))
    people = "、".join(label for _, label in named)
    title = f"「{saved.name}」不再分享给{people}" if what else f"已把「{saved.name}」分享给{people}"
    text = "" if what else "大家说它的名字就能看，数字按各人的权限算"
    return Card(title=title, source=SOURCE, text=text, buttons=(undo_button(ctx.uow.command),))


@router.command("report.refine", "报表换成")
def refine(
    ctx: Context,
    text: str = "",
    *,
    from_: date | None = None,
    to: date | None = None,
    member: Member | None = None,
    by: tuple[str, ...] = (),
    measures: tuple[str, ...] = (),
    region: str = "",
    department: str = "",
    industry: str = "",
    source: str = "",
    product: str = "",
) -> Card:
    """报表换成上个月：接着刚看的报表改时间、地区、人、指标、维度或图，例如「按人拆开」「画成折线」「去年同期呢」"""
    view = _last(ctx)
    span = span_of(from_, to)
    if _YEAR_AGO.search(text) or _BEFORE.search(text):
        seen = asked_of(ctx.uow, view).days(ctx.uow)
        other = same_last_year(seen) if _YEAR_AGO.search(text) else previous(seen)
        view = replace(view, period=period_of(other, today(ctx.uow)))
    elif span is not None:
        view = replace(view, period=period_of(span, today(ctx.uow), text))
    elif _WITHOUT.search(text):
        view = replace(view, where=(), member=None)
    if member is not None:
        view = replace(view, member=member.id)
    department = department if department in departments_by_name(ctx.uow) else ""
    said = {"地区": region, "部门": department, "行业": industry, "来源": source, "产品": product}
    for dimension, value in said.items():
        if value:
            kept = tuple(one for one in view.where if one[0] != dimension)
            view = replace(view, where=(*kept, (dimension, (value,))))
    if measures:
        view = replace(view, report=PIVOT, measures=measures)
    if by:
        view = _cut(ctx, view, by, adds=_ADDS.search(text) is not None)
    chart = chart_in(text)
    if chart is not None:
        view = replace(_drawable(view), chart=chart)
    return look(ctx, view)


@router.command("report.deals", "报表明细")
def deals(ctx: Context, count: str = "", offset: int = 0) -> Card:
    """报表明细：刚看的数字背后的单子，大的在前；「前三个单子」只看三个"""
    view = _last(ctx)
    measures = view.measures[:1] or _COUNTED.get(view.report, ())
    if not measures or not opens(_label(measures[0])):
        raise BadInput("这个报表背后不是单条记录。可以先看「按地区看本月赢单金额」，再说「前三个单子」")
    asked = replace(asked_of(ctx.uow, view), measures=measures, by=(), offset=offset)
    number = _number(count)
    found = drill(ctx.uow, asked, number or ROWS)
    again = {"measure": measures[0], **carried(view, today(ctx.uow))}
    return behind_card(found, offset, again)


_COUNTED: Final = {
    "funnel": ("在手金额",), "forecast": ("在手金额",), "ranking": ("赢单金额",), "targets": ("赢单金额",),
    "activity": ("跟进次数",), "cycle": ("赢单数",), "winloss": ("赢单数",), "revenue": ("赢单金额",),
    "receipts": ("回款金额",), "traits": ("赢单金额",),
}  # fmt: skip
"""What the records behind a report with lines of its own are."""


@router.command("report.export", "报表导出excel")
def export(ctx: Context) -> Card:
    """报表导出excel：刚看的报表整张发给您，只含您看得到的数字"""
    view = _last(ctx)
    asked_of(ctx.uow, view)
    order_sheet(ctx.uow, view)
    return Card(title=f"正在做表格：{said_view(ctx.uow, view)}", text="好了马上发给您", source=SOURCE, private=True)


def _last(ctx: Context) -> View:
    view = last_look(ctx.uow)
    if view is None:
        raise BadInput("您这会儿没有在看报表。先看一个，例如「按地区看本月赢单金额」，再接着说")
    return view


def _cut(ctx: Context, view: View, by: tuple[str, ...], *, adds: bool) -> View:
    """Show a view by something else; 拆开 keeps what it was by and cuts that."""
    own = dimensions_of(ctx.uow)
    named = [found.label if (found := find_dimension(one, own)) is not None else one for one in by]
    if view.report in _SPLIT:
        return replace(view, report=PIVOT, measures=_SPLIT[view.report], by=tuple(named))
    kept = [one for one in view.by if one not in named] if adds and len(view.by) == 1 else []
    return replace(view, by=(*kept, *named))


def _drawable(view: View) -> View:
    """Return a view of which a picture of any kind can be made."""
    if view.report == PIVOT and not view.by:
        return replace(view, by=("月",))
    return view


def _label(measure: str) -> str:
    found = find_measure(measure)
    return found.label if found is not None else measure


def _number(said: str) -> int:
    from bot.understanding.numerals import read_numeral

    number = read_numeral(said) if said else None
    return min(int(number), ROWS) if number else 0


def _whom(ctx: Context, said: str) -> list[tuple[str, str]]:
    """Return with whom a report is shared, and what they are called."""
    known = departments_by_name(ctx.uow)
    found = []
    for word in re.split(r"[、，,和跟]", said):
        name = word.strip().removesuffix("们").removesuffix("全体")
        bare = re.sub(r"(?:团队|部门|部|组)$", "", name)
        if COMPANY.fullmatch(name) or name in ("全公司", "所有人", "大家", "全员", "公司"):
            found.append((ALL, "全公司"))
        elif (path := known.get(name) or known.get(bare)) is not None:
            found.append((path, path.removeprefix("department:").rpartition("/")[2]))
        elif name in _ROLES:
            found.append((_ROLES[name], f"所有{name}"))
        elif name:
            member = find_member(ctx.uow, name)
            found.append((f"member:{member.id}", member.name))
    if not found:
        raise BadInput("分享给谁？可以是部门、角色、同事或全公司，例如「分享报表 区域月报 给 华东」")
    return found
