"""DingTalk (钉钉) on localhost: its two server APIs, its pushes over HTTP and Stream, and its members' phones."""

from emulator.dingtalk.platform import Platform
from emulator.dingtalk.settings import CRM_CARD, HTTP, STREAM, CustomRobot, Group, Person, Settings, Switches, Template

__all__ = [
    "CRM_CARD",
    "HTTP",
    "STREAM",
    "CustomRobot",
    "Group",
    "Person",
    "Platform",
    "Settings",
    "Switches",
    "Template",
]
