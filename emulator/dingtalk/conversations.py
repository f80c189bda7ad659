"""Where one talks: the robot's single chat with each member, and groups; and the webhooks that answer there."""

from datetime import datetime, timedelta

from emulator.clock import Clock
from emulator.dingtalk.ids import Ids
from emulator.dingtalk.settings import Settings
from emulator.store import Json, Store


class Conversations:
    """Conversations by their openConversationId."""

    def __init__(self, settings: Settings, store: Store, ids: Ids) -> None:
        self._settings = settings
        self._ids = ids
        self._groups = store.shelf("groups")
        self.reset()

    def single(self, userid: str) -> str:
        """Return the id of the robot's chat with a member."""
        return self._ids.conversation(f"single:{userid}")

    def group(self, conversation: str) -> Json | None:
        """Return a group by its id or its name."""
        found: Json | None = self._groups.get(conversation)
        return found or next((one for one in self.groups() if one["name"] == conversation), None)

    def groups(self) -> list[Json]:
        """Return every group, disbanded ones too."""
        return list(self._groups.values())

    def make(self, name: str, members: list[str], *, robot: bool = True) -> Json:
        """Make a group; the first member owns it. A group of this name raises ValueError."""
        if not members:
            raise ValueError("a group needs members")
        if self.group(name):
            raise ValueError(f"there is a group {name!r} already")
        conversation = self._ids.conversation(f"group:{name}")
        group = {
            "openConversationId": conversation,
            "chatId": f"chat{self._ids.conversation(name)[3:-2].lower()}",
            "name": name,
            "members": list(dict.fromkeys(members)),
            "owner": members[0],
            "robot": robot,
            "disbanded": False,
        }
        self.save(group)
        return group

    def save(self, group: Json) -> None:
        """Keep a group that changed."""
        self._groups.put(group["openConversationId"], group)

    def reset(self) -> None:
        """Return to the groups of the settings."""
        for group in self._settings.groups:
            conversation = self._ids.conversation(f"group:{group.name}")
            if self._groups.get(conversation) is None:
                self.make(group.name, list(group.members), robot=group.robot)

    def clear(self) -> None:
        """Forget every group but those of the settings."""
        self._groups.clear()
        self.reset()


class Sessions:
    """Session webhooks: one for each conversation, good for a while after the latest message there."""

    def __init__(self, store: Store, clock: Clock, ids: Ids) -> None:
        self._sessions = store.shelf("sessions")
        self._clock = clock
        self._ids = ids

    def open(self, conversation: str, userid: str, minutes: int, at: datetime) -> Json:
        """Return the session of a conversation with its life renewed."""
        known = next((one for one in self._sessions.values() if one["conversation"] == conversation), None)
        session: Json = known or {"session": self._ids.hexes(), "conversation": conversation}
        expires_ms = int((at + timedelta(minutes=minutes)).timestamp() * 1000)
        session = {**session, "userid": userid, "expires_ms": expires_ms}
        self._sessions.put(session["session"], session)
        return session

    def find(self, session: str) -> Json | None:
        """Return a living session."""
        found: Json | None = self._sessions.get(session)
        return found if found and found["expires_ms"] > self._clock.now().timestamp() * 1000 else None

    def clear(self) -> None:
        """Forget every session."""
        self._sessions.clear()
