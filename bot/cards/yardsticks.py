"""Cards of targets, rankings, newcomers, campaigns, and what the system brings."""

from collections.abc import Sequence

from bot.cards.card import Button, Card, Style
from bot.cards.leads import undo_button
from bot.cards.reports import SOURCE, pictured
from core.model.chart import Chart, ChartKind, Series, one_series
from core.model.member import Member
from core.model.report import MONEY_KINDS, CampaignCost, TargetKind
from core.rules.metrics.declared import Kind
from core.rules.metrics.periods import Span, Unit, cut
from core.rules.metrics.returns import Gain
from core.rules.metrics.targets import KINDS, Pace
from core.services.reports.campaigns import Campaign, Worth
from core.services.reports.people import Ramp, ramp_rows
from core.services.reports.ranking import Place
from core.services.reports.table import money, shown
from core.services.reports.targets import Gap

LISTED, LONGEST_MONTH = 10, 31
_UNITS = {TargetKind.SIGNED: "元", TargetKind.RECEIVED: "元", TargetKind.CUSTOMERS: "家", TargetKind.VISITS: "次"}


def gap_card(made: Gap) -> Card:
    """How far somebody is from a month's target, and what closes the gap."""
    pace, title = made.pace, f"{made.whose} {made.month}"
    others = tuple((KINDS[TargetKind(one.kind)], _pace_words(one)) for one in made.others)
    forecast = Button(label="看预测", action="forecast.show", values=_month(made.month), style=Style.PRIMARY)
    if pace is None:
        return Card(
            title=f"{title} 还没有定目标",
            source=SOURCE,
            fields=(("已签", money(made.signed)), ("在手加权", money(made.weighted)), *others),
            text="请主管说「给每人定个目标 3月 张伟50万 李娜60万」",
            buttons=(forecast,),
            private=True,
        )
    needed = pace.needed(made.average)
    usual = f"约 {needed} 单（平均 {money(made.average)}）" if needed is not None and pace.gap else ""
    state = "落后于时间进度" if pace.is_behind else "跟得上时间进度"
    fields = (
        ("目标", money(pace.target)), ("已签", f"{money(pace.actual)}（{shown(pace.attainment, Kind.SHARE)}）"),
        ("时间进度", f"{pace.gone}/{pace.workdays} 个工作日，{shown(pace.time_gone, Kind.SHARE)}，{state}"),
        ("在手加权", money(made.weighted)), ("补上差额", usual), *others,
    )  # fmt: skip
    left = "已完成目标" if pace.gap == 0 else money(pace.gap)
    card = Card(
        title=f"{title} 目标",
        source=SOURCE,
        emphasis=(left, "还差" if pace.gap else "干得漂亮"),
        fields=tuple((label, value) for label, value in fields if value),
        text="加上在手加权也不够，先看看哪几单能提前" if made.weighted < pace.gap else "",
        buttons=(forecast,),
        private=True,
    )
    chart = Chart(
        kind=ChartKind.GAUGE, title=f"{title} 目标", labels=("已签",), unit="元",
        series=(Series(values=(pace.actual / 100,)),), target=(pace.target / 100,),
    )  # fmt: skip
    return pictured(card, chart)


def targets_card(targets: Sequence[tuple[str, Sequence[int]]], month: Span, kind: TargetKind, command: str) -> Card:
    """Targets were set."""
    what = "" if kind is TargetKind.SIGNED else KINDS[kind]
    return Card(
        title=f"已定 {month} {what}目标，共 {len(targets)} 个",
        source=SOURCE,
        fields=tuple((name, _by_month(kind, parts, month)) for name, parts in targets[:20]),
        buttons=(
            Button(label="看进度", action="targets.show", values=_month(month), style=Style.PRIMARY),
            undo_button(command),
        ),
        private=True,
    )


def preview_card(values: Sequence[tuple[str, Sequence[int]]], month: Span, kind: TargetKind) -> Card:
    """Whose target becomes what."""
    return Card(
        title=f"定 {month} {KINDS[kind]}目标",
        source=SOURCE,
        fields=tuple((name, _by_month(kind, parts, month)) for name, parts in values),
        text="按工作日分到各月，各月合计不差一分；已经过完的月份不动" if month.days > LONGEST_MONTH else "",
        private=True,
    )


def paces_card(kinds: Sequence[tuple[TargetKind, Sequence[tuple[str, Pace]]]], month: Span, whose: str) -> Card:
    """Everybody's pace in a month, kind by kind; the picture shows the first."""
    title = f"{whose} {month} 目标进度"
    known = [(kind, paces) for kind, paces in kinds if paces]
    if not known:
        text = "请说「给每人定个目标 3月 张伟50万 李娜60万」"
        return Card(title=f"{title}：还没有目标", source=SOURCE, text=text, private=True)
    first, gone = known[0][1], known[0][1][0][1]
    lines = []
    for kind, paces in known:
        lines += [f"{KINDS[kind]}："] if len(known) > 1 or kind is not TargetKind.SIGNED else []
        lines += [f"{number}. {name}：{_pace_words(one)}" for number, (name, one) in enumerate(paces[:LISTED], 1)]
    subtitle = f"时间进度 {gone.gone}/{gone.workdays} 个工作日，{shown(gone.time_gone, Kind.SHARE)}"
    card = Card(title=title, subtitle=subtitle, source=SOURCE, text="\n".join(lines), private=True)
    aimed = [(name, one) for name, one in first if one.target]
    scale = 100 if gone.is_money else 1
    chart = Chart(
        kind=ChartKind.PROGRESS, title=title, labels=tuple(name for name, _ in aimed),
        unit=_UNITS[known[0][0]], series=(Series(values=tuple(one.actual / scale for _, one in aimed)),),
        target=tuple(one.target / scale for _, one in aimed),
    )  # fmt: skip
    return pictured(card, chart if aimed else None)


def ranking_card(places: Sequence[Place], span: Span, whose: str) -> Card:
    """Who reached how much, and who made more of the same chances."""
    title = f"{whose} {span} 排行"
    if not places:
        return Card(
            title=f"{title}：没有数据", source=SOURCE, text="换一段时间再看，例如「上个季度排行榜」", private=True
        )
    lines = [_place_line(number, one) for number, one in enumerate(places[:LISTED], 1)]
    note = "能力系数 = 实得 ÷ 同样机会平均能得（近12个月，按来源、等级、行业），大于 1 是本事，小于 1 要复盘"
    card = Card(title=title, source=SOURCE, text="\n".join((*lines, note)), private=True)
    pairs = [(one.member.name, one.won / 100) for one in places[:LISTED]]
    return pictured(card, one_series(ChartKind.RANKING, title, pairs, "元"))


def ramp_card(made: Ramp) -> Card:
    """How a newcomer gets on beside the others at the same age."""
    own = made.own
    peers = f"{made.peers} 位同事入职同样久时的中位数" if made.peers else "还没有同事可以比"
    lines = [
        f"{label}：{shown(mine, Kind.DAYS)}" + (f"（同龄 {shown(theirs, Kind.DAYS)}）" if theirs is not None else "")
        for label, mine, theirs in ramp_rows(made)
    ]
    return Card(
        title=f"{made.member.name} 入职 {made.days} 天",
        subtitle=f"对比：{peers}",
        source=SOURCE,
        emphasis=(money(own.amount), "赢单金额"),
        text="\n".join(lines),
        private=True,
    )


def campaign_card(rows: Sequence[Campaign], span: Span | None, asked: str) -> Card:
    """What sources cost and brought."""
    title = f"{asked or '各来源'} 投入产出{f' {span}' if span else '（近12个月）'}"
    known = [one for one in rows if one.cost or one.leads or one.won]
    if not known:
        return Card(
            title=f"{title}：没有数据", source=SOURCE,
            text="还没有这个来源的线索和花费。登记花费请说「登记花费 展会 5万」", private=True,
        )  # fmt: skip
    lines = [line for one in known[:LISTED] for line in _campaign_lines(one)]
    if not any(one.cost for one in known):
        lines.append("还没有登记花费，算不出回本。请说「登记花费 展会 5万」")
    card = Card(title=title, source=SOURCE, text="\n".join(lines), private=True)
    pairs = [(one.source, one.amount / 100) for one in known[:LISTED]]
    return pictured(card, one_series(ChartKind.BAR, f"{title}：赢单金额", pairs, "元") if len(pairs) > 1 else None)


def cost_card(made: CampaignCost, command: str) -> Card:
    """A cost was noted."""
    look = Button(label="看回报", action="campaign.roi", values={"source": made.source}, style=Style.PRIMARY)
    return Card(
        title=f"已登记花费：{made.source} {money(made.amount.fen)}",
        subtitle=f"{made.spent_on}",
        source=SOURCE,
        buttons=(look, undo_button(command)),
    )


def worth_card(made: Worth) -> Card:
    """What the system brings, line by line, each with how that is known."""
    lines = [_gain_line(number, one) for number, one in enumerate(made.lines, 1)]
    short = [one for one in made.short if one.value is not None]
    if short:
        lines.append("简版模型：" + "、".join(f"{one.name} {_yuan(one.value)}" for one in short))
    fields = [
        (label, f"{one.ratio:.2f}，净回报 {one.net:.2f}")
        for label, one in (
            ("收益 ÷ 花费", made.whole), ("按毛利算", made.at_margin),
            ("简版", made.short_ratio if short else None),
        )
        if one is not None and one.ratio is not None and one.net is not None and one.benefit
    ]  # fmt: skip
    text = "" if made.whole.cost else "还没有填系统花费和口径。请管理员在规则的「报表」一节里填写 returns"
    return Card(
        title="系统回报（每年）",
        source=SOURCE,
        emphasis=(_yuan(made.whole.benefit), f"收益，花费 {_yuan(made.whole.cost)}") if made.whole.benefit else None,
        fields=tuple(fields),
        text="\n".join(filter(None, (*lines, text))),
        private=True,
    )


def called_card(member: Member, month: str, amount: int, was: int, reason: str, command: str) -> Card:
    """A leader's word on somebody's month was noted."""
    return Card(
        title=f"已记下对{member.name} {month} 的判断：{money(amount)}",
        subtitle=f"系统预测 {money(was)} 保留在旁边",
        source=SOURCE,
        fields=(("原因", reason),) if reason else (),
        buttons=(undo_button(command),),
        private=True,
    )


def _by_month(kind: str, parts: Sequence[int], period: Span) -> str:
    """Say a target, and of several months what each of them takes."""
    whole = _aimed(kind, sum(parts))
    if len(parts) == 1:
        return whole
    months = cut(period, Unit.MONTH)
    return (
        f"{whole}（"
        + "，".join(f"{month.first.month}月 {_aimed(kind, part)}" for month, part in zip(months, parts, strict=True))
        + "）"
    )


def _aimed(kind: str, value: int) -> str:
    """Say a figure of a kind of target."""
    return money(value) if kind in MONEY_KINDS else f"{value:,}{_UNITS[TargetKind(kind)]}"


def _pace_words(one: Pace) -> str:
    """Say how far a target is."""
    words = f"{_aimed(one.kind, one.actual)} / {_aimed(one.kind, one.target) if one.target else '没有目标'}"
    if one.attainment is None:
        return words
    return f"{words}，{shown(one.attainment, Kind.SHARE)}{'，落后' if one.is_behind else ''}"


def _place_line(number: int, one: Place) -> str:
    target = f"，达成 {shown(one.attainment, Kind.SHARE)}" if one.attainment is not None else ""
    lift = one.lift
    skill = f"，能力系数 {lift.lift:.2f}（{lift.chances} 个机会）" if lift is not None and lift.lift is not None else ""
    return f"{number}. {one.member.name}：{money(one.won)}，{one.count} 单{target}{skill}"


def _campaign_lines(one: Campaign) -> list[str]:
    first = f"{one.source}：线索 {one.leads}，转客户 {one.converted}，赢单 {one.won}，{money(one.amount)}"
    if not one.cost:
        return [first]
    back = "已回本" if (one.romi or -1) >= 0 else "还没回本"
    margin = f"（按毛利率 {one.margin:.0%}）" if one.margin is not None else "（按收入，未扣成本）"
    cac = f"，获客成本 {money(one.per_customer)}" if one.per_customer else ""
    lead = f"，每条线索 {money(one.per_lead)}" if one.per_lead else ""
    return [first, f"　花费 {money(one.cost)}，{back}，投产比 {one.romi:.0%}{margin}{lead}{cac}"]


def _gain_line(number: int, one: Gain) -> str:
    if one.value is None:
        return f"{number}. {one.name}：{one.known}（{one.basis}）"
    margin = f"，按毛利 {_yuan(one.at_margin)}" if one.at_margin is not None else ""
    return f"{number}. {one.name}：{_yuan(one.value)}【{one.known}】{one.basis}{margin}"


def _yuan(value: float | None) -> str:
    return money((value or 0) * 100)


def _month(month: Span) -> dict[str, str]:
    return {"from": f"{month.first}", "to": f"{month.last}"}
