"""Cards of reports that somebody gave a name to."""

from collections.abc import Mapping, Sequence

from bot.cards.card import Button, Card
from bot.cards.reports import SOURCE, picture, pictured, short_name, table_card
from core.calendar import WorkCalendar
from core.model.report import SavedReport
from core.notices.reports import SavedReportSent
from core.rules.metrics.declared import Kind
from core.services.reports.table import Column, Table

LISTED, BUTTONS = 12, 4


def saved_card(saved: SavedReport, said: str, *, again: bool, undo: Button) -> Card:
    """A report has a name now."""
    return Card(
        title=f"{'已更新' if again else '已存'}报表「{saved.name}」",
        subtitle=said,
        source=SOURCE,
        text=f"说「{saved.name}」就看；「每周一9点把{saved.name}发我」定时看；「分享报表 {saved.name} 给 同事或部门」",
        buttons=(show_button(saved.id, "看一下"), undo),
        private=True,
    )


def saved_list_card(found: Sequence[tuple[SavedReport, str]], said: Mapping[int, str]) -> Card:
    """The reports that one may open by their names; `said` is what each shows."""
    if not found:
        text = "先看一个报表，例如「按地区看本月赢单金额」，再说「把这个存成 区域月报」"
        return Card(title="还没有存过的报表", source=SOURCE, text=text, private=True)
    lines = [
        f"{number}. {one.name}：{said[one.id]}" + (f"（{owner} 分享）" if owner else "（已分享）" if one.shared else "")
        for number, (one, owner) in enumerate(found[:LISTED], 1)
    ]
    rest = len(found) - LISTED
    return Card(
        title=f"可以看的报表，共 {len(found)} 个",
        source=SOURCE,
        text="\n".join([*lines, *([f"还有 {rest} 个，直接说名字就能看"] if rest > 0 else [])]),
        buttons=tuple(show_button(one.id, short_name(one.name)) for one, _ in found[:BUTTONS]),
        private=True,
    )


def sent_card(notice: SavedReportSent, _: WorkCalendar) -> Card:
    """A saved report at its hour."""
    if not notice.columns:
        return Card(title=notice.title, source=SOURCE, text="\n".join(notice.words), private=True)
    kinds = [Kind(kind) if kind else None for kind in notice.kinds]
    columns = tuple(Column(label, kind) for label, kind in zip(notice.columns, kinds, strict=True))
    table = Table(notice.title, columns, notice.rows, notes=notice.words, total=notice.total)
    words = next((place for place, kind in enumerate(kinds) if kind is not None), 0)
    card = table_card(table, (show_button(notice.number, "打开"),))
    return pictured(card, picture(table, notice.chart, words) if words else None)


def show_button(number: int, label: str) -> Button:
    """Return what opens a saved report."""
    return Button(label=label, action="report.open", values={"number": str(number)})
