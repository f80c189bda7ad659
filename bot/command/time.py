"""`liaodan tick` and `liaodan deliver`: see, test and rehearse time. `liaodan calendar`: official days."""

import json
from dataclasses import asdict
from datetime import date

import click

from bot.command.program import moment, running
from bot.command.root import plain_errors
from core.model.member import SYSTEM


@click.command()
@click.option("--now", help="按这个时刻运行（ISO 8601），默认为现在")
@click.option("--dry-run", is_flag=True, help="只列出到期事项和规则，不做任何改动")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def tick(now: str | None, dry_run: bool, as_json: bool) -> None:
    """把此刻到期的一切处理一遍；不发送消息。"""
    from scheduler.jobs import rehearse
    from scheduler.jobs import tick as run

    with running() as program:
        at = moment(now, program)
        if not dry_run:
            done = run(program.open_work, program.workdays, at)
            words = "、".join(f"{kind} {count} 项" for kind, count in done.kept.items()) or "没有到期事项"
            summary = {"kept": done.kept, "ran": list(done.ran)}
            click.echo(json.dumps(summary) if as_json else f"{words}；每日任务：{'、'.join(done.ran) or '无'}")
            return
        due, daily = rehearse(program.open_work, at)
        if as_json:
            rows = [{**asdict(d), "due_at": d.due_at.isoformat()} for d in due]
            click.echo(json.dumps({"due": rows, "daily": daily}, ensure_ascii=False))
            return
        for one in due:
            wall = program.calendar.local(one.due_at)
            click.echo(f"{one.subject}  {one.kind}  {one.rule}  到期 {wall:%Y-%m-%d %H:%M:%S}")
        click.echo(f"共 {len(due)} 项；每日任务：{'、'.join(daily) or '无'}（仅预览，未改动）")


@click.command()
@click.option("--once", is_flag=True, help="只尝试一遍，不等待限流和重试")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def deliver(once: bool, as_json: bool) -> None:
    """把待发消息发完后返回。"""
    import time

    from storage.queues import count_waiting, receivers_waiting

    with running() as program:
        if not program.outlets:
            raise click.ClickException("没有配置任何平台。请设置 WECOM_* 环境变量后再试")
        sent, patience = 0, 0
        while True:
            with program.open_work.reading() as session:
                keys = receivers_waiting(session, program.messenger.clock(), 10_000)
            sent += sum(program.messenger.deliver(*key) for key in keys)
            with program.open_work.reading() as session:
                left = count_waiting(session)
            patience += 1
            if once or not left or patience > 600:  # noqa: PLR2004 - ten minutes of waiting for budgets are enough
                break
            time.sleep(1)
    result = {"sent": sent, "waiting": left}
    click.echo(json.dumps(result) if as_json else f"发出 {sent} 条，仍在等待 {left} 条")


@click.group()
def calendar() -> None:
    """工作日历：法定节假日与调休。"""


@calendar.command("set")
@click.argument("day")
@click.argument("kind", type=click.Choice(["work", "off"]))
@click.option("--note", default="", help="说明，例如「国庆调休」")
def set_(day: str, kind: str, note: str) -> None:
    """登记某天上班（work）或放假（off），优先于内置日历。"""
    from core.services.calendar import set_days

    with plain_errors(), running() as program:
        try:
            parsed = date.fromisoformat(day)
        except ValueError:
            raise click.ClickException(f"日期要写成 2027-02-06，而不是「{day}」") from None
        with program.open_work(SYSTEM) as uow:
            set_days(uow, {parsed: kind == "work"}, note)
        click.echo(f"{parsed} {'上班' if kind == 'work' else '放假'}")


@calendar.command()
@click.argument("year", type=click.IntRange(2000, 2100))
def show(year: int) -> None:
    """列出一年中的调休上班日与放假日，并说明是否为官方安排。"""
    from datetime import timedelta

    with running() as program:
        day = date(year, 1, 1)
        while day.year == year:
            works, weekend = program.workdays.is_workday(day), day.weekday() >= 5  # noqa: PLR2004 - Saturday
            if works == weekend:
                click.echo(f"{day} {'调休上班' if works else '放假'}")
            day += timedelta(days=1)
        state = (
            "官方已公布" if program.workdays.is_official(year) else "仅为预测，官方公布后请用 liaodan calendar set 更正"
        )
        click.echo(f"{year} 年：{state}")
