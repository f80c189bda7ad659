"""Writes the files that repeat what the code says, as DOCUMENTS lists them. `make docs` runs it."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.command.root import liaodan
from bot.handlers import ROUTERS
from bot.router import Handler
from bot.settings import Settings
from docs.card_template import card_template
from docs.playbook_page import playbook_page

ROOT = Path(__file__).resolve().parent.parent

COMMANDS_HEAD = """\
# 命令

<!-- 由 `make docs` 从代码生成，请勿手改 -->

聊天里的说法来自 `bot/handlers/`，命令行来自 `bot/command/`。

## 在聊天里说

一句话以下面任何一个说法开头即可；缺了什么，会反问一句。「按钮」一列：卡片上有按钮做同一件事，写的是它在代码里的名字。

| 说法 | 用法 | 做什么 | 按钮 |
|---|---|---|---|
"""

COMMAND_LINE_HEAD = """
## 命令行 `liaodan`

每个命令都有 `--help`；只有成功时退出码为 0，错误写到标准错误。
"""

ENV_HEAD = """\
# 聊单的全部设置。由 make docs 从 bot/settings.py 生成，请勿手改。
# 开发时复制为 .env，去掉需要的行首的「# 」；生产环境直接设环境变量。等号后是默认值。
"""


def chat_handlers() -> list[Handler]:
    """Return everything that can be said, area by area, as the routers list it."""
    return [handler for router in ROUTERS for handler in router.intents.values()]


def commands_document() -> str:
    """Return docs/commands.md."""
    pressed = {action for router in ROUTERS for action in router.buttons}
    rows = "".join(_chat_row(handler, pressed) for handler in chat_handlers())
    shell = "".join(_shell_section(command, path) for path, command in commands_of(liaodan, ("liaodan",)))
    return COMMANDS_HEAD + rows + COMMAND_LINE_HEAD + shell


def settings_document() -> str:
    """Return .env.example."""
    groups: dict[str, list[str]] = {}
    for name, field in Settings.model_fields.items():
        platform = "企业微信" if name.startswith("wecom_") else "钉钉" if name.startswith("dingtalk_") else "基础"
        groups.setdefault(platform, []).append(_setting(field))
    return ENV_HEAD + "".join(f"\n# ── {title} ──\n\n" + "\n".join(lines) for title, lines in groups.items())


def variable(field: FieldInfo) -> str:
    """Return the environment variable that a setting is read from."""
    alias: Any = field.validation_alias
    return str(alias.choices[0])


def commands_of(command: click.Command, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command below `command` that does something, by its words."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    context = click.Context(command)
    for name in command.list_commands(context):
        if (child := command.get_command(context, name)) is not None:
            yield from commands_of(child, (*path, name))


def _chat_row(handler: Handler, pressed: set[str]) -> str:
    usage, _, does = handler.help.partition("：")
    words = "、".join(handler.words)
    button = f"`{handler.intent}`" if handler.intent in pressed else ""
    return f"| {words} | {_cell(usage)} | {_cell(does)} | {button} |\n"


def _shell_section(command: click.Command, path: tuple[str, ...]) -> str:
    context = click.Context(command, info_name=" ".join(path))
    usage = " ".join(["liaodan", *path[1:], *command.collect_usage_pieces(context)])
    said = "\n\n".join(_one_line(part) for part in inspect.cleandoc(command.help or "").split("\n\n"))
    options = [_option_row(option, context) for option in command.params if isinstance(option, click.Option)]
    table = "| 选项 | 说明 |\n|---|---|\n" + "".join(options) if options else ""
    return f"\n### `{usage}`\n\n{said}\n" + (f"\n{table}" if table else "")


def _option_row(option: click.Option, context: click.Context) -> str:
    words, said = option.get_help_record(context) or ("", "")
    return f"| `{_cell(words)}` | {_cell(said)} |\n"


def _setting(field: FieldInfo) -> str:
    name, default = variable(field), field.default
    secret = isinstance(default, SecretStr)
    shown = default.get_secret_value() if isinstance(default, SecretStr) else default
    unset = shown in ("", 0)
    return f"# {field.description}{'（保密）' if secret else ''}\n# {name}={'' if unset else shown}\n"


def _one_line(paragraph: str) -> str:
    """Join lines as Chinese does, without a blank, but keep one between two words of Latin letters."""
    return re.sub(r"(?<=[ -~])\n(?=[ -~])", " ", paragraph).replace("\n", "")


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


DOCUMENTS = {
    ROOT / "docs" / "commands.md": commands_document,
    ROOT / "docs" / "playbook.md": playbook_page,
    ROOT / ".env.example": settings_document,
    ROOT / "deploy" / "dingtalk-card.json": card_template,
}
"""Every generated file with what writes it; a test compares them."""


def main() -> None:
    """Write every generated file anew."""
    for path, write in DOCUMENTS.items():
        path.write_text(write(), encoding="utf-8")


if __name__ == "__main__":
    main()
