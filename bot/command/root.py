"""`liaodan --help`: the groups and what they share — settings, the program, errors in one clear line."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import ClassVar

import click

from bot.settings import Settings
from core.errors import Refusal


class Lazy(click.Group):
    """A group whose commands are imported when they are called: `liaodan --help` stays quick."""

    _WHERE: ClassVar = {
        "demo": "bot.command.demo:demo",
        "web": "bot.command.processes:web",
        "worker": "bot.command.processes:worker",
        "clock": "bot.command.processes:clock",
        "menu": "bot.command.menu:menu",
        "stream": "bot.command.processes:stream",
        "understand": "bot.command.understand:understand",
        "tick": "bot.command.time:tick",
        "deliver": "bot.command.time:deliver",
        "db": "bot.command.database:db",
        "members": "bot.command.members:members",
        "import": "bot.command.data:import_",
        "token": "bot.command.tokens:token",
        "emulator": "bot.command.demo:emulator",
        "materials": "bot.command.materials:materials",
        "template": "bot.command.template:template",
        "calendar": "bot.command.time:calendar",
        "playbook": "bot.command.playbook:playbook",
        "export": "bot.command.export:export",
        "report": "bot.command.report:report",
        "events": "bot.command.database:events",
        "usage": "bot.command.usage:usage",
    }

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self._WHERE)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        where = self._WHERE.get(name)
        if where is None:
            return None
        module, _, attribute = where.partition(":")
        command: click.Command = getattr(__import__(module, fromlist=[attribute]), attribute)
        return command


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="liaodan")
def liaodan() -> None:
    """聊单：住在聊天里的 CRM（企业微信和钉钉）。"""


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn what a user can mend into one line on stderr and exit status 1."""
    try:
        yield
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal
    except (OSError, ValueError) as error:
        raise click.ClickException(str(error)) from error


def settings() -> Settings:
    """Read the settings, naming what is wrong with them."""
    from pydantic import ValidationError

    try:
        return Settings()
    except ValidationError as error:
        wrong = "；".join(f"{'.'.join(map(str, e['loc']))}：{e['msg']}" for e in error.errors())
        raise click.ClickException(f"环境变量有误：{wrong}") from error


def main() -> None:
    """The entry point of the `liaodan` command."""
    logging.captureWarnings(capture=True)
    from sqlalchemy.exc import DBAPIError

    try:
        liaodan(standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(130)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except DBAPIError as error:
        click.echo(
            f"数据库不可用：{str(error.orig).splitlines()[0]}。请检查 DATABASE_URL，或先运行 liaodan db upgrade",
            err=True,
        )
        sys.exit(1)
