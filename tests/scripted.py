"""A reader that follows a script: what a sentence means is given, so that a story is about what happens with it."""

from collections.abc import Callable
from typing import Any

from bot.context import Context
from bot.understanding.acts import Act, Outcome, Understood
from core.model.messages import Question
from tests.world import World

Reads = Callable[[Context, str, Question | None], Understood]


class Script:
    """Stands before the program's own reader, which reads whatever the script does not name."""

    def __init__(self, world: World) -> None:
        self._lines: dict[str, Understood] = {}
        self._own: Reads = world.program.desk._read
        world.program.desk._read = self

    def __call__(self, ctx: Context, text: str, question: Question | None) -> Understood:
        return self._lines.get(text) or self._own(ctx, text, question)

    def means(self, text: str, *acts: Act, outcome: Outcome = Outcome.DO, **more: Any) -> str:
        """Let `text` mean these acts, or without any nothing that is understood; return it, to be said."""
        self._lines[text] = Understood(acts=acts, outcome=outcome if acts else Outcome.UNKNOWN, **more)
        return text


def act(intent: str, **slots: Any) -> Act:
    return Act(intent, slots)
