"""`liaodan db`: the schema. `liaodan events`: what could not be handled, for the operator."""

import json

import click

from bot.bootstrap import build
from bot.command.program import running
from bot.command.root import settings
from core.services.passages import rewrite_passages
from storage import migrate


@click.group()
def db() -> None:
    """数据库结构迁移。"""


@db.command()
def upgrade() -> None:
    """升级到最新结构；已是最新则什么也不做。"""
    program = build(settings())
    try:
        migrate.upgrade(program.engine)
        click.echo(f"数据库结构版本：{migrate.revisions(program.engine)[0]}")
    finally:
        program.close()


@db.command()
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """显示当前与最新的结构版本；不是最新时退出码为 1。"""
    program = build(settings())
    try:
        current, head = migrate.revisions(program.engine)
    finally:
        program.close()
    if as_json:
        click.echo(json.dumps({"current": current, "head": head, "up_to_date": current == head}))
    else:
        click.echo(f"当前 {current or '（空）'}，最新 {head}")
    if current != head:
        ctx.exit(1)


@db.command()
def reindex() -> None:
    """重建客户名称索引（查找客户用）和漏斗数据；随时可以运行，不影响其他数据。"""
    program = build(settings())
    try:
        from storage.naming import rebuild

        click.echo(f"已重建名称索引，共 {rebuild(program.engine)} 条记录")
        rewrite_passages(program.open_work)
        click.echo("已重建漏斗数据")
    finally:
        program.close()


@click.group()
def events() -> None:
    """处理失败后被搁置的消息。"""


@events.command("list")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
def list_(as_json: bool) -> None:
    """列出被搁置的消息和原因。"""
    with running() as program, program.open_work.reading() as session:
        from storage.queues import aside

        items = aside(session)
    if as_json:
        click.echo(json.dumps(items, ensure_ascii=False))
        return
    for item in items:
        click.echo(f"{item['id']}  {item['received_at']}  {item['user_id']}  {item['text'][:40]}  {item['error'][:80]}")
    click.echo(f"共 {len(items)} 条")


@events.command()
@click.argument("event_id", type=int)
def retry(event_id: int) -> None:
    """把一条被搁置的消息放回队列重新处理。"""
    with running() as program, program.engine.begin() as connection:
        from storage.queues import put_back

        if not put_back(connection, event_id):
            raise click.ClickException(f"没有编号为 {event_id} 的搁置消息。用 liaodan events list 查看")
    click.echo("已放回队列")
