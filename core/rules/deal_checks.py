"""What is wrong with the stages and outlines of a playbook, said where it is written."""

from collections.abc import Iterable, Iterator

from core.model.playbook import Outline, Playbook
from core.model.playbook.outlines import FILLS, seed_outlines
from core.rules.condition_checks import Flaw, Path
from core.rules.fields.catalogue import catalogue_of


def stage_flaws(playbook: Playbook) -> Iterator[Flaw]:
    """Yield grades of stale rules that the company does not have; a list that is open takes any."""
    grades = [one.name for one in playbook.grades.words]
    for number, pipeline in enumerate(playbook.pipelines):
        for place, stage in enumerate(pipeline.stages):
            path: Path = ("pipelines", number, "stages", place, "stale_by_grade")
            yield from (
                Flaw((*path, grade), f"没有等级「{grade}」，可以写：{'、'.join(grades)}")
                for grade in stage.stale_by_grade
                if grades and grade not in grades
            )


def outline_flaws(playbook: Playbook) -> Iterator[Flaw]:
    """Yield outlines for kinds and stages of deals that there are not, and answers that fill no field.

    The outlines that come with us stand in every playbook: a company with stages of its own is not blamed for them.
    """
    kinds = {pipeline.name: pipeline for pipeline in playbook.pipelines}
    own = [field.key for field in catalogue_of(playbook, "deal").custom if field.compute is None]
    for number, outline in enumerate(playbook.outlines):
        if outline in seed_outlines():
            continue
        path: Path = ("outlines", number)
        yield from _unknown(outline.pipelines, kinds, (*path, "pipelines"), "商机类型")
        stages = [stage.name for name, kind in kinds.items() if outline.suits(name) for stage in kind.stages]
        yield from _unknown(outline.stages, stages, (*path, "stages"), "阶段")
        yield from _unfilled(outline, [*FILLS, *own], path)


def _unfilled(outline: Outline, known: Iterable[str], path: Path) -> Iterator[Flaw]:
    for place, question in enumerate(outline.questions):
        yield from _unknown([question.fills], known, (*path, "questions", place, "fills"), "字段", whole=True)


def _unknown(
    names: Iterable[str], known: Iterable[str], path: Path, what: str, *, whole: bool = False
) -> Iterator[Flaw]:
    listed = list(dict.fromkeys(known))
    for place, name in enumerate(names):
        if name not in listed:
            yield Flaw(
                path if whole else (*path, place), f"没有{what}「{name}」，可以写：{'、'.join(listed) or '（还没有）'}"
            )
