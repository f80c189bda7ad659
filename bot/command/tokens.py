"""`liaodan token`: REST tokens with a member's rights."""

import json
from datetime import datetime, timedelta

import click

from bot.command.program import member_called, running
from core.model.member import SYSTEM

LONGEST = 3650


@click.group()
def token() -> None:
    """REST 接口的令牌。"""


@token.command()
@click.option("--as", "who", required=True, metavar="PLATFORM:USERID", help="令牌代表谁，例如 wecom:zhangwei")
@click.option("--days", type=click.IntRange(1, LONGEST), help="多少天后失效；不写则一直有效，直到吊销或成员离职")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def create(who: str, days: int | None, as_json: bool) -> None:
    """生成一个令牌，权利与该成员相同。令牌只显示这一次。"""
    from storage.tokens import create_token

    with running() as program:
        member = member_called(program, who)
        made = create_token(program.engine, member.id, lives=timedelta(days=days) if days else None)
    click.echo(json.dumps({"token": made, "as": who}, ensure_ascii=False) if as_json else made)


@token.command("list")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def list_(as_json: bool) -> None:
    """列出所有令牌的编号、成员和期限；令牌本身不再显示。"""
    from storage.tokens import list_tokens

    with running() as program:
        lines = list_tokens(program.engine)
        with program.open_work(SYSTEM, reading=True) as uow:
            accounts = uow.members.accounts_of(line.member_id for line in lines)
    rows = [
        {
            "id": line.id,
            "as": accounts[line.member_id].address if line.member_id in accounts else None,
            "name": line.member,
            "created_at": _iso(line.created_at),
            "expires_at": _iso(line.expires_at),
            "revoked_at": _iso(line.revoked_at),
        }
        for line in lines
    ]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        until = f"已于 {row['revoked_at']} 吊销" if row["revoked_at"] else f"有效至 {row['expires_at'] or '吊销为止'}"
        click.echo(f"{row['id']}  {row['as'] or '-'}  {row['name']}  {row['created_at']}  {until}")
    click.echo(f"共 {len(rows)} 个")


@token.command()
@click.argument("number", type=click.IntRange(1, 2**31 - 1))
def revoke(number: int) -> None:
    """立即吊销一个令牌；编号见 liaodan token list。"""
    from storage.tokens import revoke_token

    with running() as program:
        if not revoke_token(program.engine, number):
            raise click.ClickException(f"没有编号为 {number} 的有效令牌。用 liaodan token list 查看")
    click.echo("已吊销")


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat(timespec="seconds") if instant else None
