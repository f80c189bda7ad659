"""`liaodan playbook`: the company's configuration as files: checked, compared, applied, kept, taken back."""

import getpass
import json
from dataclasses import asdict
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import click

from bot.bootstrap import Program
from bot.command.program import instant, running
from bot.command.root import plain_errors
from core.errors import PlaybookInvalid
from core.model.member import SYSTEM
from core.model.playbook import Playbook
from core.model.version import PlaybookVersion, Treatment
from core.ports import Document, UnitOfWork
from core.rules.playbook_changes import Difference, differences
from core.rules.replaying import Fate
from core.services.approvals.simulation import rehearse_flows
from core.services.playbook.applying import (
    Change,
    apply_change,
    compared,
    differences_of,
    document_of,
    newest_number,
    restoring,
    version_at,
    version_line,
    version_of,
)
from core.services.playbook.rulebook import said_by
from core.services.simulation import DAYS, Simulation
from core.services.simulation import simulate as rehearsed

FILE = click.Path(path_type=Path, dir_okay=False)
_TREATMENTS = click.Choice([treatment.value for treatment in Treatment])


@click.group()
def playbook() -> None:
    """公司的规则：检查、比较、生效、历史、退回。"""


@playbook.command()
@click.argument("file", type=FILE)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.pass_context
def check(ctx: click.Context, file: Path, as_json: bool) -> None:
    """检查一份规则文件，有错就逐行说明，不做任何改动。"""
    with plain_errors():
        given = _bytes(file)
    from connectors.playbook_files import YamlPlaybooks

    try:
        with plain_errors():
            YamlPlaybooks().read(given)
    except click.ClickException as error:
        if not isinstance(error.__cause__, PlaybookInvalid):
            raise
        problems = error.__cause__.problems
        if as_json:
            told = [{"line": one.line, "path": one.path, "message": one.message} for one in problems]
            click.echo(json.dumps({"ok": False, "problems": told}, ensure_ascii=False))
        else:
            click.echo("\n".join([*map(str, problems), f"{file.name}：{len(problems)} 处要改"]), err=True)
        ctx.exit(1)
    click.echo(json.dumps({"ok": True, "problems": []}) if as_json else f"{file.name}：没有问题")


@playbook.command()
@click.argument("what", metavar="FILE|N")
@click.argument("other", metavar="[M]", type=int, required=False)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def diff(what: str, other: int | None, as_json: bool) -> None:
    """说明一份文件会改动现在的什么，或第 N 版和第 M 版（默认现在）差在哪里。"""
    with plain_errors(), running() as program, program.open_work(SYSTEM, reading=True) as uow:
        if what.isdigit():
            number = other if other is not None else newest_number(uow)
            for one in (int(what), number):
                document_of(uow, one)
            found = differences(said_by(uow.versions, int(what)), said_by(uow.versions, number))
        else:
            found = compared(uow, _read(uow, Path(what)))
    _show(found, as_json)


@playbook.command("apply")
@click.argument("file", type=FILE)
@click.option("--why", required=True, help="为什么改，记在历史里")
@click.option("--clocks", type=_TREATMENTS, help="改了时限的，正在走的时钟：从现在起按新规则，或全部重新计算")
@click.option("--base", type=int, help="这份文件是在第几版上改的；期间有人改过就拒绝")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def apply_(file: Path, why: str, clocks: str | None, base: int | None, as_json: bool) -> None:
    """让一份规则文件对所有进程立即生效，成为新的一版。"""
    with plain_errors(), running() as program:
        with program.open_work(SYSTEM) as uow:
            version = apply_change(uow, _by_operator(_read(uow, file), why, clocks, base=base))
        _done(program, version, as_json)


@playbook.command()
@click.argument("which", metavar="N|日期")
@click.option("--why", required=True, help="为什么退回，记在历史里")
@click.option("--clocks", type=_TREATMENTS, help="时限有变化的，正在走的时钟：从现在起按退回后的规则，或全部重新计算")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def rollback(which: str, why: str, clocks: str | None, as_json: bool) -> None:
    """退回到第 N 版，或某天（2026-03-05）结束时、某时刻（ISO 8601）生效的那一版；退回本身也是一版。"""
    with plain_errors(), running() as program:
        with program.open_work(SYSTEM) as uow:
            former = version_of(uow, int(which)) if which.isdigit() else version_at(uow, _instant(which, program))
            document, newest = restoring(uow, former)
            version = apply_change(uow, _by_operator(document, why, clocks, base=newest, restores=former.number))
        _done(program, version, as_json)


@playbook.command()
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="最多列几版")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def history(limit: int, as_json: bool) -> None:
    """列出规则的历次版本：谁、什么时候、为什么。"""
    with running() as program, program.open_work(SYSTEM, reading=True) as uow:
        versions = uow.versions.latest(limit)
        if as_json:
            click.echo(json.dumps([_told(version) for version in versions], ensure_ascii=False))
            return
        for version in versions:
            click.echo(version_line(version, program.calendar))
    click.echo(f"共 {len(versions)} 版" if versions else "还没有版本，现在用的是内置的通用规则")


@playbook.command()
@click.argument("what", metavar="[N] [FILE]", nargs=-1)
def export(what: tuple[str, ...]) -> None:
    """写出现在（或第 N 版）的规则，一字不差；不给文件名就写到屏幕。"""
    numbers = [word for word in what if word.isdigit()]
    files = [word for word in what if not word.isdigit()]
    if len(numbers) > 1 or len(files) > 1:
        raise click.ClickException("一次只能导出一版到一个文件，例如 liaodan playbook export 3 规则.yaml")
    with plain_errors(), running() as program, program.open_work(SYSTEM, reading=True) as uow:
        number = int(numbers[0]) if numbers else newest_number(uow)
        text = document_of(uow, number)
        if files:
            Path(files[0]).write_bytes(text.encode())
    if files:
        click.echo(f"第 {number} 版已写到 {files[0]}；改好后 apply 时请加 --base {number}")
    else:
        click.echo(text.encode(), nl=False)


@playbook.command()
@click.argument("what", metavar="FILE|N")
@click.option("--days", type=int, default=DAYS, show_default=True, help="用最近多少天的历史")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def simulate(what: str, days: int, as_json: bool) -> None:
    """试算：如果最近这些天用的是这份规则（或第 N 版），谁的线索会多收、少收。不改动任何数据。"""
    with plain_errors(), running() as program, program.open_work(SYSTEM, reading=True) as uow:
        changed = said_by(uow.versions, version_of(uow, int(what)).number) if what.isdigit() else _playbook(uow, what)
        found = rehearsed(uow, changed, days)
        asked = rehearse_flows(uow, changed, days)
    if as_json:
        click.echo(json.dumps(_outcome(found) | {"approvals": asdict(asked)}, ensure_ascii=False))
        return
    click.echo(f"最近 {found.days} 天，{found.tenures} 段归属")
    click.echo(
        f"回收 {found.before.recycled} → {found.after.recycled}，提醒卡片 {found.before.cards} → {found.after.cards}"
    )
    click.echo(f"会多收 {len(found.lost)}，会少收 {len(found.kept)}，早收或晚收 {found.moved}")
    if found.deals_won or found.deals_open:
        click.echo(f"会换人的商机：已赢 {found.deals_won}，在谈 {found.deals_open}，共{found.deals_amount}")
    for share in found.shares:
        if share.before != share.after:
            click.echo(f"{share.name}：接过 {share.held}，被收 {share.before} → {share.after}")
    if not asked.changes_nothing:
        click.echo("\n".join(("审批：", *asked.lines())))


def _playbook(uow: UnitOfWork, file: str) -> Playbook:
    return _read(uow, Path(file)).playbook


def _outcome(found: Simulation) -> dict[str, Any]:
    """Return an outcome for a program; of the leads that change hands every one."""

    def told(fate: Fate) -> dict[str, Any]:
        at = fate.ends_at.isoformat() if fate.ends_at is not None else None
        return {"lead": f"L{fate.tenure.lead_id}", "name": fate.tenure.lead_name, "at": at, "rule": fate.rule}

    return {
        "days": found.days,
        "tenures": found.tenures,
        "before": asdict(found.before),
        "after": asdict(found.after),
        "lost": [told(fate) for fate in found.lost],
        "kept": [told(fate) for fate in found.kept],
        "moved": found.moved,
        "members": [asdict(share) for share in found.shares],
        "deals": {"won": found.deals_won, "open": found.deals_open, "amount": str(found.deals_amount.as_yuan())},
    }


@playbook.command()
def schema() -> None:
    """输出规则文件的 JSON Schema，给编辑器补全和检查用。"""
    from connectors.playbook_schema import playbook_schema

    click.echo(json.dumps(playbook_schema(), ensure_ascii=False, indent=2))


def _read(uow: UnitOfWork, file: Path) -> Document:
    return uow.documents.read(_bytes(file))


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise click.ClickException(f"读不到文件「{file}」，请检查文件名和权限") from error


def _by_operator(
    document: Document, why: str, clocks: str | None, *, base: int | None, restores: int | None = None
) -> Change:
    return Change(
        document=document,
        why=why,
        base=base,
        treatment=Treatment(clocks) if clocks else None,
        restores=restores,
        by_name=f"命令行 {getpass.getuser()}"[:64],
    )


def _instant(which: str, program: Program) -> datetime:
    try:
        day = date.fromisoformat(which)
    except ValueError:
        return instant(which, program)
    return datetime.combine(day, time.max, program.settings.zone)


def _done(program: Program, version: PlaybookVersion, as_json: bool) -> None:
    with program.open_work(SYSTEM, reading=True) as uow:
        found = differences_of(uow, version)
    if as_json:
        click.echo(json.dumps({**_told(version), "changes": list(map(str, found))}, ensure_ascii=False))
        return
    click.echo("\n".join([*map(str, found), f"第 {version.number} 版已生效"]))


def _show(found: list[Difference], as_json: bool) -> None:
    if as_json:
        rows: list[dict[str, Any]] = [
            {"section": one.section, "path": list(one.path), "before": one.before, "after": one.after, "text": str(one)}
            for one in found
        ]
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    click.echo("\n".join([*map(str, found), f"共 {len(found)} 处不同" if found else "没有不同"]))


def _told(version: PlaybookVersion) -> dict[str, Any]:
    names = ("number", "kind", "base", "restores", "treatment", "why", "by_name", "confirmed_name", "digest", "remark")
    return {name: getattr(version, name) for name in names} | {"at": version.at.isoformat()}
