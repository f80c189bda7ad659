"""What can be wrong with a playbook, or with putting one in force."""

from dataclasses import dataclass
from typing import ClassVar

from core.errors.refusal import Refusal


@dataclass(frozen=True)
class PlaybookProblem:
    """One mistake in a playbook: its line, where that is (`recycle[0].clock`), and a sentence that says what may be."""

    line: int
    path: str
    message: str

    def __str__(self) -> str:
        where = " ".join(part for part in (f"第 {self.line} 行", self.path) if part)
        return f"{where}：{self.message}"


@dataclass(eq=False)
class PlaybookInvalid(Refusal):
    """A playbook that cannot be put in force; nothing of it was."""

    code: ClassVar[str] = "playbook.invalid"
    problems: tuple[PlaybookProblem, ...]
    shown: ClassVar[int] = 8

    def __str__(self) -> str:
        listed = [str(problem) for problem in self.problems[: self.shown]]
        more = len(self.problems) - len(listed)
        listed += [f"还有 {more} 处，改好上面的再检查一次"] if more else []
        return "\n".join([f"规则有 {len(self.problems)} 处要改，没有生效：", *listed])


@dataclass(eq=False)
class PlaybookOutdated(Refusal):
    """Somebody has changed the playbook since `base` was read; `since` says who, when and why."""

    code: ClassVar[str] = "playbook.outdated"
    base: int
    newest: int
    since: tuple[str, ...]

    def __str__(self) -> str:
        listed = "\n".join(self.since)
        return (
            f"您改的是第 {self.base} 版，现在已经是第 {self.newest} 版，没有生效。这期间的改动：\n{listed}\n"
            "请在最新版上再改一次（发送「导出规则」取最新版）"
        )


@dataclass(eq=False)
class PlaybookUnreadable(Refusal):
    """A version on record that another program has written and this one does not read; an operator mends it."""

    code: ClassVar[str] = "playbook.unreadable"
    number: int
    path: str

    def __str__(self) -> str:
        return (
            f"生效的第 {self.number} 版规则这个版本的程序读不了（{self.path}），请联系管理员："
            "运行 liaodan playbook export 规则.yaml，用 check 找出要改的地方，改好后 apply"
        )


@dataclass(eq=False)
class TreatmentNeeded(Refusal):
    """Clock rules change, and it must be said what becomes of clocks that run already."""

    code: ClassVar[str] = "playbook.treatment_needed"
    titles: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"这次改动了{'、'.join(self.titles)}，要说明正在走的时钟怎么办，还没有生效：\n"
            "· 从现在起（from_now）：已经开始的按老规则走完，新开始的按新规则\n"
            "· 重新计算（recalculate）：所有没结束的都按新规则重算\n"
            "在聊天里点按钮选择，命令行加 --clocks from_now 或 --clocks recalculate"
        )
