"""What is approved: each kind of matter with the service that knows its facts, and what follows a yes or a no."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from core.errors import BadInput
from core.model.approval import Approval, Demand
from core.model.ids import Ref
from core.ports import UnitOfWork
from core.services.contract_approval import CONTRACT, PAYMENT_TERMS, ContractMatter, TermsMatter
from core.services.deal_stages import STAGE, StageMatter
from core.services.deletion_matter import DELETION, DeletionMatter
from core.services.export_matter import EXPORT, ExportMatter
from core.services.extension_matter import EXTENSION, ExtensionMatter
from core.services.playbook.matter import PLAYBOOK, PlaybookMatter
from core.services.quote_approval import SpecialPrice

Line = tuple[str, str, str]
"""The key of a fact, its label, and what it says; rights of a node name the key or the label."""


class Subject(Protocol):
    """What a kind of matter knows. `passed` and `refused` happen in the decision's own transaction."""

    def facts(self, uow: UnitOfWork, subject: Ref) -> Mapping[str, Any]:
        """Return what conditions read and what may not change meanwhile, under the keys of `KINDS`."""
        ...

    def lines(self, uow: UnitOfWork, subject: Ref) -> Sequence[Line]:
        """Return what a card shows."""
        ...

    def passed(self, uow: UnitOfWork, approval: Approval) -> None: ...
    def refused(self, uow: UnitOfWork, approval: Approval) -> None:
        """Let the subject be what it was: it was rejected, withdrawn, voided or has expired (`approval.state`)."""
        ...


class Named(Protocol):
    """A subject whose name and reason say what is asked, so that both are others once it has changed."""

    def named(self, uow: UnitOfWork, subject: Ref) -> tuple[str, str]: ...


class Followed(Protocol):
    """A subject that says what a yes means for whoever asked."""

    def afterwards(self, uow: UnitOfWork, approval: Approval) -> str: ...


class Amendable(Protocol):
    """A subject that can be made to meet a condition (最多92折), once its submitter accepts that."""

    def amend(self, uow: UnitOfWork, approval: Approval, demand: Demand) -> None: ...


class Overtaking(Protocol):
    """A subject whose yes leaves others of its kind behind: they were made for a state of things that has gone."""

    def overtaken(self, uow: UnitOfWork, approval: Approval | None = None) -> Sequence[Ref]: ...


SUBJECTS: dict[str, Subject] = {
    "special_price": SpecialPrice(),
    EXPORT: ExportMatter(),
    CONTRACT: ContractMatter(),
    PAYMENT_TERMS: TermsMatter(),
    STAGE: StageMatter(),
    EXTENSION: ExtensionMatter(),
    DELETION: DeletionMatter(),
    PLAYBOOK: PlaybookMatter(),
}
"""Every kind with its subject, one line each."""


def subject_of(kind: str) -> Subject:
    """Return who knows a kind of matter; BadInput for one that cannot be submitted."""
    found = SUBJECTS.get(kind)
    if found is None:
        raise BadInput(f"「{kind}」还不能审批，请联系管理员")
    return found
