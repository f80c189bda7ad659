"""What is on each member's screen: messages of both directions, cards in their present state."""

from collections import OrderedDict, defaultdict
from collections.abc import Callable
from typing import Any

from emulator.clock import Clock
from emulator.feed import Feed
from emulator.store import Json, Store

LIVE, GREYED, REPLACED, RECALLED = "live", "greyed", "replaced", "recalled"


class Phones:
    """Items in order of arrival. An item is JSON; whoever changes one calls `save`."""

    def __init__(
        self, store: Store, clock: Clock, feed: Feed, *, card_key: str, same: Callable[[str], str] = str
    ) -> None:
        """`card_key` names the field with an item's card; members are alike when `same` makes their ids alike."""
        self._items = store.shelf("items")
        self._counters = store.shelf("counters")
        self._clock = clock
        self._feed = feed
        self._card_key, self._same = card_key, same
        self._by_user: dict[str, list[Json]] = defaultdict(list)
        self._by_card: dict[str, list[Json]] = defaultdict(list)
        self._by_msgid: dict[str, list[Json]] = defaultdict(list)
        self._changed: OrderedDict[str, Json] = OrderedDict()
        for item in self._items.values():
            self._index({**item, "version": 0})

    def show(
        self, userid: str, sender: str, msgtype: str, content: Json, msgid: str, *, card: str | None = None, **more: Any
    ) -> Json:
        """Put an item on a member's screen; `sender` is "app" or "member", `more` what one platform knows besides."""
        number = self._counters.get("item", 0) + 1
        self._counters.put("item", number)
        item: Json = {
            "id": number,
            "msgid": msgid,
            "userid": userid,
            "from": sender,
            "msgtype": msgtype,
            "content": content,
            self._card_key: card,
            "state": LIVE,
            "at": round(self._clock.now().timestamp(), 3),
            **more,
        }
        self._index(item)
        self.save(item)
        return item

    def save(self, item: Json) -> None:
        """Keep a changed item and tell those who watch."""
        self._changed[str(item["id"])] = item
        self._changed.move_to_end(str(item["id"]))
        item["version"] = self._feed.bump()
        self._items.put(str(item["id"]), item)

    def item(self, number: str) -> Json | None:
        """Return one item by its number."""
        found: Json | None = self._items.get(number)
        return found

    def screen(self, userid: str) -> list[Json]:
        """Return what a member sees, oldest first, without what was recalled."""
        return [item for item in self._by_user[self._same(userid)] if item["state"] != RECALLED]

    def everything(self) -> list[Json]:
        """Return what all members see, oldest first."""
        return [item for item in self._items.values() if item["state"] != RECALLED]

    def changed_since(self, version: int) -> list[Json]:
        """Return items that changed after `version`, recalled ones too, in order of arrival."""
        found = []
        for item in reversed(self._changed.values()):
            if item["version"] <= version:
                break
            found.append(item)
        return sorted(found, key=lambda item: item["id"])

    def card(self, card: str, userid: str) -> Json | None:
        """Return one member's latest copy of a card, recalled or not."""
        who = self._same(userid)
        return next((item for item in reversed(self._by_card[card]) if self._same(item["userid"]) == who), None)

    def of_card(self, card: str) -> list[Json]:
        """Return every copy of one card."""
        return list(self._by_card[card])

    def holders(self, card: str) -> list[str]:
        """Return the members who have a copy of this card."""
        return list(dict.fromkeys(item["userid"] for item in self._by_card[card]))

    def of_message(self, msgid: str) -> list[Json]:
        """Return every copy of one message."""
        return list(self._by_msgid[msgid])

    def clear(self) -> None:
        """Empty all screens."""
        self._items.clear()
        for index in (self._by_user, self._by_card, self._by_msgid, self._changed):
            index.clear()

    def _index(self, item: Json) -> None:
        self._by_user[self._same(item["userid"])].append(item)
        self._by_msgid[item["msgid"]].append(item)
        self._changed[str(item["id"])] = item
        if item[self._card_key]:
            self._by_card[item[self._card_key]].append(item)
