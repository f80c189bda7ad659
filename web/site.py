"""What the web's second face needs of the program, handed in by bootstrap."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from core.model.ids import MemberId, Ref
from core.model.member import Member
from core.ports import OpenWork

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)


class Page(Protocol[T_co]):
    """What a reader may see of what they asked for, and what its shape needs besides."""

    @property
    def items(self) -> Sequence[T_co]: ...
    @property
    def more(self) -> bool:
        """Whether older ones follow."""
        ...

    @property
    def shared(self) -> Set[int]:
        """The deals of others of which the reader has a share."""
        ...

    @property
    def accounts(self) -> Mapping[MemberId, str]:
        """The platform accounts, `wecom:zhangwei`, of the members that occur."""
        ...

    @property
    def holders(self) -> Mapping[Ref, MemberId | None]:
        """Who holds the customers that occur."""
        ...


class Browse(Protocol):
    """Reads records as lists. The reader's scope is part of every query, so no list goes round it."""

    def reader(self, member_id: MemberId) -> Member | None:
        """Return an active member; None for one who has left."""
        ...

    def became(self, kind: type[Any], number: int) -> Ref | None:
        """Return what goes on in the place of a lead or account that was converted or merged; None for any other."""
        ...

    def page(
        self,
        kind: type[T],
        reader: Member,
        *,
        words: str = "",
        limit: int = 1,
        after: int | None = None,
        only: int | None = None,
        pool: bool = False,
    ) -> Page[T]:
        """Return records newest first: those with `words` in their names, numbered below `after`, or `only` one.

        `pool` asks for the leads that nobody holds instead of those in the reader's scope.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Site:
    """`member_of` reads a REST token, `readiness` says what is wrong, `gauges` counts what waits.

    `out_of_reach` are the exceptions by which a lost database shows.
    """

    open_work: OpenWork
    member_of: Callable[[str], MemberId | None]
    browse: Browse
    readiness: Callable[[], dict[str, str]]
    gauges: Callable[[], dict[str, float]]
    out_of_reach: tuple[type[Exception], ...] = ()
