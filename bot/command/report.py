"""`liaodan report`: every report and any pivot, as a table or as JSON, with the rights of whoever is named."""

import json
from datetime import date
from unicodedata import east_asian_width

import click

from bot.command.program import member_called, running
from bot.command.root import plain_errors
from core.errors import BadInput
from core.model.member import SYSTEM
from core.model.report import View
from core.ports import UnitOfWork
from core.services.reports import REPORTS, Report
from core.services.reports import report as named_report
from core.services.reports.asking import Asked, span_of
from core.services.reports.behind import drill as drilled
from core.services.reports.pivot import filters
from core.services.reports.table import Table
from core.services.reports.views import asked_of
from core.services.saved_reports import find_saved, saved_for

WIDE = frozenset("WF")


@click.command("report")
@click.argument("name", required=False)
@click.option("--as", "who", metavar="PLATFORM:USERID", help="以谁的权限看，例如 wecom:wangqiang；不写则看全公司")
@click.option("--from", "first", metavar="DATE", help="从哪天，例如 2026-03-01")
@click.option("--to", "last", metavar="DATE", help="到哪天（含）")
@click.option(
    "--by", multiple=True, metavar="DIMENSION", help="按什么看，可写几次或用逗号：负责人、部门、产品、地区、来源、月…"
)
@click.option(
    "--measure", "measures", multiple=True, metavar="MEASURE", help="看什么：赢单金额、赢率、新增线索、拜访次数…"
)
@click.option("--where", "tests", multiple=True, metavar="DIMENSION=VALUE", help="只看哪些，例如 地区=华东；可写几次")
@click.option("--limit", type=click.IntRange(1, 10_000), default=1000, show_default=True, help="最多几行")
@click.option("--offset", type=click.IntRange(0), default=0, help="跳过几行")
@click.option("--drill", is_flag=True, help="列出背后的单个商机")
@click.option("--json", "as_json", is_flag=True, help='输出 JSON：{"columns", "rows"}，金额为元，比率为小数')
def report(
    name: str | None,
    *,
    who: str | None,
    first: str | None,
    last: str | None,
    by: tuple[str, ...],
    measures: tuple[str, ...],
    tests: tuple[str, ...],
    limit: int,
    offset: int,
    drill: bool,
    as_json: bool,
) -> None:
    """看报表，例如 liaodan report funnel --from 2026-01-01 --to 2026-03-31。不写名字时列出所有报表。

    聊天里存下的报表按名字看，例如 liaodan report 区域月报；写了的选项代替存下的。

    只算这个人看得到的记录，合计也一样。
    """
    with plain_errors():
        if name is None:
            _list(as_json)
            return
        with running() as program:
            actor = member_called(program, who) if who else SYSTEM
            with program.open_work(actor, reading=True) as uow:
                wanted, kept = _named(uow, name)
                asked = Asked(
                    span=span_of(_day(first), _day(last)) or kept.span,
                    member=kept.member,
                    where=(*kept.where, *filters(uow, map(_test, tests))),
                    by=_several(by) or kept.by,
                    measures=_several(measures) or kept.measures,
                    limit=limit,
                    offset=offset,
                )
                table = drilled(uow, asked, limit).table if drill else wanted.build(uow, asked)
    click.echo(json.dumps(table.as_json(), ensure_ascii=False) if as_json else as_text(table))


def as_text(table: Table) -> str:
    """Write a table so that its columns stand under each other."""
    lines = [[column.label for column in table.columns], *table.as_words()]
    widths = [max(map(_width, cells)) for cells in zip(*lines, strict=True)]
    body = [
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)) for row in lines
    ]
    more = [f"共 {table.total} 行，这里是 {len(table.rows)} 行"] if table.total > len(table.rows) else []
    return "\n".join([table.title, *(line.rstrip() for line in body), *more, *table.notes])


def _named(uow: UnitOfWork, name: str) -> tuple[Report, Asked]:
    """Return a report and what it asks for by itself: one of ours, or one that was saved in chat."""
    if name not in REPORTS and saved_for(uow):
        view = View.from_json(find_saved(uow, name).view)
        return named_report(view.report), asked_of(uow, view)
    return named_report(name), Asked()


def _list(as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({name: one.label for name, one in REPORTS.items()}, ensure_ascii=False))
        return
    for name, one in REPORTS.items():
        click.echo(f"{name:18} {one.label}")


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"日期要写成 2026-03-01 这样，而不是「{text}」") from None


def _several(given: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one.strip() for words in given for one in words.replace("，", ",").split(",") if one.strip())


def _test(words: str) -> tuple[str, tuple[str, ...]]:
    name, equals, values = words.partition("=")
    if not equals or not values:
        raise BadInput(f"条件要写成 维度=值，例如 地区=华东，而不是「{words}」")
    return name.strip(), _several((values,))


def _width(text: str) -> int:
    return sum(2 if east_asian_width(sign) in WIDE else 1 for sign in text)
