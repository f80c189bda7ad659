"""Slots of sentences about one's own accounts: a code, a platform, whose it is."""

import re

from bot.understanding.slots.draft import SEPARATORS, Draft

_PLATFORM = re.compile(r"企业微信|企微|钉钉")
_COMMANDS = re.compile(
    r"^.*?(?:绑定码?|关联账号|关联|解绑|解除绑定|取消绑定|取消关联|通知方式|(?:通知|消息|提醒)都?(?:发|改|推)(?:到|在)|恢复成员)"
)


def read_code(draft: Draft) -> None:
    """The code that links two accounts, or whatever stands in its place."""
    rest = _rest(draft)
    draft.put("code", "" if _PLATFORM.fullmatch(rest) or rest in ("账号", "码") else rest, rest)


def read_account(draft: Draft) -> None:
    """Whose account on which platform: 钉钉, 张伟 钉钉, 张伟的钉钉账号."""
    bare = _rest(draft).removesuffix("账号").strip(SEPARATORS)
    platform = _PLATFORM.search(bare)
    whose = bare[: platform.start()] if platform else bare
    whose = whose.strip(SEPARATORS).removesuffix("的").removeprefix("账号").strip(SEPARATORS)
    draft.put("channel", platform[0] if platform else whose, bare)
    if platform and whose not in ("", "我"):
        draft.put("member", whose, whose)


def read_channel(draft: Draft) -> None:
    """The platform on which notices are wanted."""
    draft.put("channel", _rest(draft), _rest(draft))


def read_restored(draft: Draft) -> None:
    """Who is to go on."""
    draft.put("member", _rest(draft), _rest(draft))


def _rest(draft: Draft) -> str:
    return _COMMANDS.sub("", draft.text, count=1).strip(SEPARATORS + "吧")
