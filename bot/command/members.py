"""`liaodan members`: people and departments."""

import json
from pathlib import Path

import click

from bot.command.program import running
from bot.command.readers import chat_readers
from bot.command.root import plain_errors
from connectors.sheets import read_sheets
from core.model.member import SYSTEM
from core.services.imports.roster import CHANNELS, Roster, import_members


@click.group()
def members() -> None:
    """成员与部门。"""


@members.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--platform", type=click.Choice(CHANNELS), default="wecom", show_default=True, help="文件没有平台列时")
@click.option("--sheet", help="只读这个工作表")
@click.option("--dry-run", is_flag=True, help="只检查和报告，不写入任何数据")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.pass_context
def import_(ctx: click.Context, file: Path, platform: str, sheet: str | None, dry_run: bool, as_json: bool) -> None:
    """从 csv 或 Excel 导入成员，已有的更新；再导一次不会重复。

    列：platform,userid,name,phone,department,role,manager_userid，或中文 平台、账号、姓名、手机、部门、角色、上级账号。
    部门写成路径 销售部/华东；角色 rep、manager、director、finance、legal、marketing、service、admin，多个用 + 连接。
    """
    with plain_errors():
        sheets = read_sheets(file, sheet)
        with running() as program:
            readers = chat_readers(program.calendar.local(program.clock()), program.workdays)
            roster = import_members(program.open_work, file.name, sheets, readers, channel=platform, dry_run=dry_run)
    if as_json:
        click.echo(json.dumps({**roster.as_json(), "dry_run": dry_run}, ensure_ascii=False))
    else:
        click.echo("\n".join(_lines(roster, dry_run=dry_run)))
    if roster.bad and not roster.new and not roster.refreshed:
        ctx.exit(1)


@members.command("list")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def list_(as_json: bool) -> None:
    """列出成员、部门、角色和上级。"""
    with running() as program, program.open_work(SYSTEM, reading=True) as uow:
        everybody = uow.members.everybody()
        accounts = uow.members.accounts_of(member.id for member in everybody)
        names = {member.id: member.name for member in everybody}
        rows = [
            {
                "id": str(member.ref),
                "address": accounts[member.id].address if member.id in accounts else "",
                "name": member.name,
                "department": member.department,
                "roles": "+".join(member.roles),
                "manager": names.get(member.manager_id, "") if member.manager_id else "",
                "active": member.active,
            }
            for member in everybody
        ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        left = "" if row["active"] else "  已停用"
        above = f"  上级 {row['manager']}" if row["manager"] else ""
        click.echo(f"{row['address']}  {row['name']}  {row['department']}  {row['roles']}{above}{left}")
    click.echo(f"共 {len(rows)} 人")


def _lines(roster: Roster, *, dry_run: bool) -> list[str]:
    done = "（预演，没有写入）" if dry_run else ""
    out = [f"{roster.file}{done}：读到 {roster.read} 行，新增 {len(roster.new)} 人，更新 {len(roster.refreshed)} 人"]
    out += [f"  × {reason} {len(rows)} 行：第 {'、'.join(rows[:20])} 行" for reason, rows in roster.dropped.items()]
    out += [f"  × 第 {bad['row']} 行：{bad['reason']}" for bad in roster.bad]
    return out + [f"  · {remark}" for remark in roster.remarks]
