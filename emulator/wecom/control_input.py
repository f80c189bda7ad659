"""Who a control route is about; whatever is wrong raises ValueError with a sentence."""

from typing import TYPE_CHECKING

from emulator import control
from emulator.control import words
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.wecom.platform import Platform

Act = control.Act["Platform"]


def member(platform: "Platform", body: Json) -> str:
    """Return the member's id as the company writes it."""
    userid = words(body, "userid")
    person = platform.directory.find(userid)
    if person is None:
        known = ", ".join(one.userid for one in platform.directory.people)
        raise ValueError(f"there is no member {userid!r}; known: {known}")
    return person.userid
