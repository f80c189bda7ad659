"""Putting messages on screens: one copy for everybody who is in the conversation."""

from typing import TYPE_CHECKING, Any

from emulator.store import Json

if TYPE_CHECKING:
    from emulator.dingtalk.platform import Platform


def from_robot(
    platform: "Platform", userid: str, msgtype: str, content: Json, key: str, *, group: Json | None = None, **more: Any
) -> Json:
    """Show a member what the robot says, in their chat with it or in a group."""
    place = _place(platform, userid, group)
    return platform.phones.show(userid, "app", msgtype, content, key, read=False, **place, **more)


def to_group(platform: "Platform", group: Json, msgtype: str, content: Json, key: str, **more: Any) -> None:
    """Show everybody in a group what the robot says."""
    for userid in present(platform, group):
        from_robot(platform, userid, msgtype, dict(content), key, group=group, **more)


def from_member(
    platform: "Platform", userid: str, msgtype: str, content: Json, msg_id: str, *, group: Json | None
) -> None:
    """Show what a member says, to themselves or to everybody in the group."""
    for viewer in present(platform, group) if group else [userid]:
        place = _place(platform, viewer, group)
        platform.phones.show(viewer, "member", msgtype, dict(content), msg_id, speaker=userid, **place)


def present(platform: "Platform", group: Json) -> list[str]:
    """Return the members of a group who are still in the company."""
    return [userid for userid in group["members"] if platform.directory.find(userid)]


def _place(platform: "Platform", userid: str, group: Json | None) -> Json:
    conversation = group["openConversationId"] if group else platform.conversations.single(userid)
    return {"conversation": conversation, "group": group["name"] if group else ""}
