"""Playbooks as YAML files: read with every mistake by its line, kits that come along, edits that keep comments.

Every process may be asked for one and few ever are, so the YAML library is imported when a document is read.
"""

from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from core.errors import BadInput, PlaybookInvalid, PlaybookProblem
from core.model.playbook import Playbook
from core.ports import Document, Edit
from core.rules.playbook_checks import flaws_of
from core.rules.playbook_outline import places

if TYPE_CHECKING:
    from connectors.playbook_tree import Tree

KITS = Path(__file__).parent.parent / "playbooks"
WIDTH = 4096
"""Columns of a line that is written: long sentences stay on theirs."""


class YamlPlaybooks:
    """See `core.ports.PlaybookFiles`."""

    def __init__(self, kits: Path = KITS) -> None:
        self._kits = kits

    def read(self, given: str | bytes) -> Document:
        from connectors.playbook_problems import problems_of
        from connectors.playbook_tree import decoded, read_tree, refused, shown

        text = decoded(given)
        tree = read_tree(text)
        if tree.content is None:
            raise refused(1, "", "内容是空的。请至少写一行，例如「name: 我们公司」")
        if not isinstance(tree.content, dict):
            raise refused(1, "", "规则要写成「名称: 值」的形式，例如「name: 我们公司」")
        problems = list(tree.problems)
        try:
            playbook = Playbook.model_validate(tree.content)
            problems += [
                PlaybookProblem(tree.line(flaw.path), shown(flaw.path), flaw.says) for flaw in flaws_of(playbook)
            ]
        except ValidationError as error:
            problems += problems_of(tree, error.errors(include_url=False))
        except RecursionError:
            problems.append(PlaybookProblem(1, "", "嵌套太深，请写得简单一些"))
        problems += _not_ours(tree)
        if problems:
            raise PlaybookInvalid(tuple(sorted(problems, key=lambda problem: problem.line)))
        return Document(text=text, content=tree.content, playbook=playbook)

    def kit(self, name: str) -> str:
        if name not in self.kits():
            raise BadInput(f"没有叫「{name}」的规则模板。可以用：{'、'.join(self.kits())}")
        return (self._kits / f"{name}.yaml").read_text(encoding="utf-8")

    def kits(self) -> Sequence[str]:
        return tuple(sorted(file.stem for file in self._kits.glob("*.yaml")))

    def edited(self, text: str, edits: Sequence[Edit]) -> str:
        from ruamel.yaml import YAML

        yaml = YAML(typ="rt", pure=True)
        yaml.preserve_quotes, yaml.width = True, WIDTH
        yaml.indent(mapping=2, sequence=4, offset=2)
        tree: Any = yaml.load(text)
        for edit in edits:
            _put(tree, edit)
        written = StringIO()
        yaml.dump(tree, written)
        return written.getvalue()


def _not_ours(tree: "Tree") -> list[PlaybookProblem]:
    """Refuse what only the operator's settings may say, although the model has a place for it."""
    known = places(Playbook)
    return [
        PlaybookProblem(tree.line((key,)), key, f"「{key}」由部署设置决定，不写在规则里，请去掉")
        for key in tree.content
        if key in Playbook.model_fields and key not in known
    ]


def _put(tree: Any, edit: Edit) -> None:
    """Put a value in its place; what is missing on the way is made."""
    here = tree
    for step, following in zip(edit.path, (*edit.path[1:], None), strict=True):
        if following is None:
            here[_found(here, step)] = edit.value
            return
        place = _found(here, step)
        if isinstance(here, dict) and place not in here:
            here[place] = [] if isinstance(following, int | tuple) else {}
        here = here[place]


def _found(here: Any, step: str | int | tuple[str, str]) -> str | int:
    """Return the key or position that a step means; an item that is not there is appended."""
    if not isinstance(step, tuple):
        return step
    key, value = step
    for number, item in enumerate(here):
        if str(item.get(key)) == value:
            return number
    here.append({key: value})
    return len(here) - 1
