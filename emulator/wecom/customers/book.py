"""What the platform knows of customers: who they are, who follows them, since when, with which remarks."""

import secrets
from datetime import timedelta

from emulator.clock import Clock
from emulator.store import Json, Store
from emulator.wecom.errors import ApiError

WELCOME_LIFE = timedelta(seconds=20)


class Book:
    """Customers and their relations to members. A relation is JSON; whoever changes one calls `keep`."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._clock = clock
        self.customers = store.shelf("customers")
        self.relations = store.shelf("relations")
        self.tag_groups = store.shelf("tag_groups")
        self.transfers = store.shelf("transfers")
        self.ways = store.shelf("contact_ways")
        self.mass = store.shelf("mass_messages")
        self.groups = store.shelf("group_chats")
        self._welcome: dict[str, Json] = {}

    def meet(self, userid: str, details: Json) -> tuple[str, str]:
        """Add a customer, or a known one, to a member; return external_userid and a WelcomeCode good for 20 s."""
        external = str(details.get("external_userid") or "wm" + secrets.token_hex(15))
        known: Json = self.customers.get(external) or {}
        names = ("name", "position", "corp_name", "corp_full_name", "type", "gender", "unionid", "avatar")
        given = {name: details[name] for name in names if name in details}
        customer = {
            "external_userid": external,
            "name": "微信客户",
            "type": 1,
            "gender": 0,
            "avatar": "",
            **known,
            **given,
        }
        self.customers.put(external, customer)
        self.follow(userid, external, add_way=int(details.get("add_way", 1)), state=str(details.get("state", "")))
        return external, self.welcome_code(userid, external)

    def follow(self, userid: str, external: str, *, add_way: int, state: str) -> None:
        """Begin a relation without remarks."""
        relation = {
            "userid": userid,
            "external_userid": external,
            "remark": self.customers.get(external)["name"],
            "description": "",
            "createtime": self._clock.timestamp(),
            "tags": [],
            "remark_corp_name": "",
            "remark_mobiles": [],
            "oper_userid": userid,
            "add_way": add_way,
            "state": state,
        }
        self.keep(relation)

    def keep(self, relation: Json) -> None:
        """Write a relation."""
        self.relations.put(_key(relation["userid"], relation["external_userid"]), relation)

    def relation(self, userid: str, external: str) -> Json:
        """Return a relation; 40096 for an unknown customer, 84061 when the two are not in contact."""
        if external not in self.customers:
            raise ApiError(40096)
        found: Json | None = self.relations.get(_key(userid, external))
        if found is None:
            raise ApiError(84061)
        return found

    def part(self, userid: str, external: str) -> None:
        """End a relation."""
        self.relations.drop(_key(userid, external))

    def followed_by(self, userid: str) -> list[Json]:
        """Return a member's relations, oldest first."""
        return [one for one in self.relations.values() if one["userid"].casefold() == userid.casefold()]

    def followers(self, external: str) -> list[Json]:
        """Return the relations of a customer, oldest first."""
        return [one for one in self.relations.values() if one["external_userid"] == external]

    def welcome_code(self, userid: str, external: str) -> str:
        """Return a fresh code for one greeting."""
        code = secrets.token_urlsafe(24)
        expires = self._clock.now() + WELCOME_LIFE
        self._welcome[code] = {"userid": userid, "external_userid": external, "expires": expires}
        return code

    def use_welcome(self, code: str) -> Json:
        """Use a code up; 41050 when unknown, used or older than 20 s."""
        found = self._welcome.pop(code, None)
        if found is None or found["expires"] <= self._clock.now():
            raise ApiError(41050)
        return found

    def clear(self) -> None:
        """Forget everything."""
        shelves = (self.customers, self.relations, self.tag_groups, self.transfers, self.ways, self.mass, self.groups)
        for shelf in shelves:
            shelf.clear()
        self._welcome.clear()


def _key(userid: str, external: str) -> str:
    return f"{userid.casefold()} {external}"
