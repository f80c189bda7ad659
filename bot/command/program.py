"""What most commands need: the program on a database whose schema is there."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

import click

from bot.bootstrap import Program, build
from bot.command.root import plain_errors, settings
from bot.settings import Settings
from core.model.member import SYSTEM, Member


@contextmanager
def running(given: Settings | None = None, clock: Callable[[], datetime] | None = None) -> Iterator[Program]:
    """Build the program, bring an embedded database up to date, and close everything at the end."""
    from bot.logs import set_up

    set_up()
    chosen = given or settings()
    program = build(chosen, clock=clock)
    try:
        with plain_errors():
            program.prepare()
        gc.freeze()  # what is there by now stays: the collector need not look at it again and again
        yield program
    finally:
        program.close()


def moment(text: str | None, program: Program) -> datetime | None:
    """Read `--now`: ISO 8601; without an offset it is business time."""
    return None if text is None else instant(text, program, "--now ")


def instant(text: str, program: Program, what: str = "") -> datetime:
    """Read an instant: ISO 8601; without an offset it is business time."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        raise click.ClickException(
            f"{what or '时刻'}要写成 ISO 8601，例如 2026-03-05T10:00:00+08:00，而不是「{text}」"
        ) from None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=program.settings.zone)


def member_called(program: Program, who: str) -> Member:
    """Return the active member behind `platform:userid`; say what is wrong with anything else."""
    channel, _, user_id = who.partition(":")
    if not channel or not user_id:
        raise click.ClickException(f"--as 要写成 平台:账号，例如 wecom:zhangwei，而不是「{who}」")
    with program.open_work(SYSTEM, reading=True) as uow:
        member = uow.members.known_as(channel, user_id)
    if member is None or not member.active:
        raise click.ClickException(f"没有账号为 {who} 的在职成员。用 liaodan members list 查看")
    return member
