"""`liaodan members`: people and departments."""

import json
from pathlib import Path
from typing import Any

import click

from bot.command.program import running
from bot.command.readers import chat_readers
from bot.command.root import plain_errors
from connectors.sheets import read_sheets
from core.errors import DeliveryFailed
from core.model.member import CHANNELS, SYSTEM
from core.services.directory import summary, sync_members
from core.services.imports.roster import Roster, import_members


@click.group()
def members() -> None:
    """成员与部门。"""


@members.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--platform", type=click.Choice(list(CHANNELS)), default="wecom", show_default=True, help="文件没有平台列时"
)
@click.option("--sheet", help="只读这个工作表")
@click.option("--dry-run", is_flag=True, help="只检查和报告，不写入任何数据")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.pass_context
def import_(ctx: click.Context, file: Path, platform: str, sheet: str | None, dry_run: bool, as_json: bool) -> None:
    """从 csv 或 Excel 导入成员，已有的更新；再导一次不会重复。

    列：platform,userid,name,phone,department,role,manager_userid，或中文 平台、账号、姓名、手机、部门、角色、上级账号。
    销售还可以有 负责地区、技能、权重、接线索时间、库容，决定分到哪些线索。
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
    if roster.bad and not roster.new and not roster.refreshed and not roster.linked:
        ctx.exit(1)


@members.command("sync")
@click.option("--platform", type=click.Choice(list(CHANNELS)), help="只同步这个平台，默认所有已配置的")
@click.option("--dry-run", is_flag=True, help="只检查和报告，不写入任何数据")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.pass_context
def sync(ctx: click.Context, platform: str | None, dry_run: bool, as_json: bool) -> None:
    """从平台通讯录同步成员、部门和离职。

    新人按部门得到角色，已有的角色不动；手机号相同的人自动绑定成一个成员，没有手机号只是同名的列出来并提醒本人；离职的立即停用，客户等待交接。
    可见的人突然少了一半以上时不停用任何人。每天夜里和通讯录变动时也会自动做。
    """
    reports, failed = [], []
    with plain_errors(), running() as program:
        directories = program.directories
        wanted = [platform] if platform else list(directories)
        if not wanted or wanted[0] not in directories:
            which = CHANNELS[platform] if platform else "企业微信和钉钉"
            raise ValueError(f"{which}还没有配置，不能同步。请先设好环境变量（见 docs/operations.md）")
        for channel in wanted:
            try:
                reports.append(sync_members(program.open_work, channel, directories[channel], dry_run=dry_run))
            except DeliveryFailed as failure:
                failed.append({"channel": channel, "reason": failure.reason})
    if as_json:
        done = {"dry_run": dry_run, "platforms": [report.as_json() for report in reports], "failed": failed}
        click.echo(json.dumps(done, ensure_ascii=False))
    else:
        click.echo("\n".join(line for report in reports for line in summary(report)))
        for one in failed:
            click.echo(f"{CHANNELS[one['channel']]}通讯录没有读到，没有改动：{one['reason']}", err=True)
    if failed:
        ctx.exit(1)


@members.command("list")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def list_(as_json: bool) -> None:
    """列出成员、平台账号、部门、角色和上级；有几个账号的，通知发到第一个。"""
    with running() as program, program.open_work(SYSTEM, reading=True) as uow:
        everybody = uow.members.everybody()
        numbers = [member.id for member in everybody]
        first, accounts = uow.members.accounts_of(numbers), uow.members.open_accounts(numbers)
        names = {member.id: member.name for member in everybody}
        rows: list[dict[str, Any]] = [
            {
                "id": str(member.ref),
                "address": first[member.id].address if member.id in first else "",
                "accounts": [
                    account.address
                    for account in sorted(accounts.get(member.id, []), key=lambda a: a is not first.get(a.member_id))
                ],
                "preferred": member.preferred_channel,
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
        doors = "、".join(row["accounts"]) or "—"
        click.echo(f"{doors}  {row['name']}  {row['department']}  {row['roles']}{above}{left}")
    click.echo(f"共 {len(rows)} 人")


def _lines(roster: Roster, *, dry_run: bool) -> list[str]:
    done = "（预演，没有写入）" if dry_run else ""
    counts = f"新增 {len(roster.new)} 人，更新 {len(roster.refreshed)} 人"
    counts += f"，绑定 {len(roster.linked)} 人" if roster.linked else ""
    out = [f"{roster.file}{done}：读到 {roster.read} 行，{counts}"]
    out += [f"  = {label}" for label in roster.linked]
    out += [f"  × {reason} {len(rows)} 行：第 {'、'.join(rows[:20])} 行" for reason, rows in roster.dropped.items()]
    out += [f"  × 第 {bad['row']} 行：{bad['reason']}" for bad in roster.bad]
    return out + [f"  · {remark}" for remark in roster.remarks]
