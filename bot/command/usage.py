"""`liaodan usage`: what the month's budgets of a platform still hold."""

import json
from datetime import date

import click

from bot.command.program import running
from core.model.member import CHANNELS, SYSTEM
from core.model.usage import MonthlyBudget


@click.command()
@click.option("--month", metavar="YYYY-MM", help="哪个月，默认本月；90 天以前的记录已清理，数字会偏小")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def usage(month: str | None, as_json: bool) -> None:
    """每个平台本月用了多少接口调用和推送。"""
    from core.services.usage import usage_of

    with running() as program:
        day = _first(month) if month else program.calendar.local(program.clock()).date().replace(day=1)
        with program.open_work(SYSTEM, reading=True) as uow:
            used, budgets = usage_of(uow, day), uow.playbook.monthly
    rows = [(one, budgets.get(one.channel, MonthlyBudget())) for one in used]
    if as_json:
        channels = [
            {
                "channel": one.channel,
                "calls": one.calls,
                "calls_budget": budget.calls or None,
                "pushes": one.pushes,
                "pushes_budget": budget.pushes or None,
            }
            for one, budget in rows
        ]
        click.echo(json.dumps({"month": f"{day:%Y-%m}", "channels": channels}, ensure_ascii=False))
        return
    for one, budget in rows:
        name = CHANNELS.get(one.channel, one.channel)
        click.echo(
            f"{name} {day:%Y-%m}：接口调用 {_share(one.calls, budget.calls)}，推送 {_share(one.pushes, budget.pushes)}"
        )
    if not rows:
        click.echo(f"{day:%Y-%m} 没有收发记录")


def _first(month: str) -> date:
    try:
        return date.fromisoformat(f"{month}-01")
    except ValueError:
        raise click.ClickException(f"--month 要写成 YYYY-MM，例如 2026-03，而不是「{month}」") from None


def _share(used: int, allowed: int) -> str:
    return f"{used}/{allowed}（{used / allowed:.0%}）" if allowed else f"{used}（不限）"
