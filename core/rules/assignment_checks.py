"""What is wrong with assignment rules, said where it stands: before they are in force."""

from collections.abc import Iterator

from core.model.playbook import Playbook
from core.rules.condition_checks import Flaw, condition_flaws
from core.rules.fields.catalogue import catalogue_of
from core.rules.fields.kind import Compared


def assignment_flaws(playbook: Playbook) -> Iterator[Flaw]:
    """Yield what is wrong with the rules' conditions, and with the field that says what a lead is worth."""
    catalogue, section = catalogue_of(playbook, "lead"), playbook.assignment
    for number, rule in enumerate(section.rules):
        yield from condition_flaws(rule.when, catalogue, ("assignment", "rules", number, "when"))
    name = section.fairness.field
    if name is not None:
        path, known = ("assignment", "fairness", "field"), catalogue.find(name)
        if known is None:
            yield Flaw(path, catalogue.no_such_field(name))
        elif known.type.compared is not Compared.NUMBER:
            yield Flaw(path, f"「{known.label}」不是数字，不能当线索的价值。请换一个金额或数字字段")
