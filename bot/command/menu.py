"""`liaodan menu`: the buttons below the chat, so that nobody has to remember a word."""

import click

from bot.bootstrap import Program
from bot.command.program import running
from core.errors import DeliveryFailed

WORDS = ("今天", "公海", "帮助")
"""What the menu says for whoever taps it."""


@click.command()
def menu() -> None:
    """在企业微信应用里建立菜单：今天、公海、帮助。"""
    with running() as program:
        if program.wecom is None:
            raise click.ClickException("没有配置企业微信。请设置 WECOM_* 环境变量后再试")
        try:
            create_menu(program)
        except DeliveryFailed as failure:
            raise click.ClickException(f"企业微信没有接受菜单：{failure.reason}") from failure
    click.echo("菜单已建立，成员重新进入应用即可看到")


def create_menu(program: Program) -> None:
    """Put the menu into the app."""
    from bot.channels.wecom.menu import MenuEntry

    if program.wecom is not None:
        program.wecom.client.create_menu([MenuEntry(label=word, key=word) for word in WORDS])
