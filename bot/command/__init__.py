"""The `liaodan` command: one file per group, joined here."""

from bot.command.root import main

__all__ = ["main"]
