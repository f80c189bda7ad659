"""Every card there is: its data, whose private data lies over it, where it was delivered, all that ever happened."""

import copy
from typing import TYPE_CHECKING

from emulator.dingtalk.settings import Template
from emulator.phones import REPLACED
from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform


class Cards:
    """Cards by outTrackId, callback addresses by route key, templates by id."""

    def __init__(self, platform: "Platform") -> None:
        self._platform = platform
        self._cards = platform.store.shelf("cards")
        self._routes = platform.store.shelf("routes")
        self.templates: dict[str, Template] = {one.id: one for one in platform.settings.templates}

    def get(self, out_track_id: str) -> Json | None:
        """Return a card."""
        found: Json | None = self._cards.get(out_track_id)
        return found

    def all(self) -> list[Json]:
        """Return every card, oldest first."""
        return list(self._cards.values())

    def keep(self, card: Json, what: str, by: str = "") -> None:
        """Keep a card that was made or changed, and write down how it is now."""
        at = self._platform.clock.now().isoformat()
        state = {"data": copy.deepcopy(card["data"]), "private": copy.deepcopy(card["private"])}
        card["history"].append({"at": at, "what": what, "by": by, **state})
        self._cards.put(card["outTrackId"], card)

    def change(
        self, card: Json, data: Json | None, private: dict[str, Json], *, by_key: Json, what: str, by: str
    ) -> None:
        """Put data over or in the place of the old, and draw every copy anew.

        Without the by-key flags what is given takes the place of all there was.
        """
        if data is not None:
            card["data"] = {**(card["data"] if by_key.get("updateCardDataByKey") else {}), **data}
        for userid, given in private.items():
            old = card["private"].get(userid, {}) if by_key.get("updatePrivateDataByKey") else {}
            card["private"][userid] = {**old, **given}
        self.keep(card, what, by)
        self.redraw(card)

    def redraw(self, card: Json) -> None:
        """Show every copy of a card as it is now."""
        for item in self._platform.phones.of_card(card["outTrackId"]):
            drawn = self.content(card, item["userid"])
            if item["content"] != drawn or item.get("failed"):
                item |= {
                    "content": drawn,
                    "state": REPLACED if item["state"] == "live" else item["state"],
                    "failed": "",
                }
                self._platform.phones.save(item)

    def content(self, card: Json, userid: str) -> Json:
        """Return what one viewer sees: public data under their private data, as far as the template declares it."""
        template = self.templates[card["template"]]
        seen = {**card["data"], **card["private"].get(userid, {})}
        shown = {name: value for name, value in seen.items() if name in template.variables}
        return {"template": template.name, "title": seen.get("title", template.name), "data": shown}

    def register(self, route_key: str, route: Json) -> None:
        """Keep the address of a route key."""
        self._routes.put(route_key, route)

    def registered(self, route_key: str) -> Json | None:
        """Return the address of a route key."""
        found: Json | None = self._routes.get(route_key)
        return found

    def route(self, out_track_id: str) -> Json | None:
        """Return the address that a card's clicks go to over HTTP."""
        card = self.get(out_track_id)
        return self.registered(card["routeKey"]) if card else None

    def clear(self) -> None:
        """Forget cards and addresses; templates return to those of the settings."""
        self._cards.clear()
        self._routes.clear()
        self.templates = {one.id: one for one in self._platform.settings.templates}
