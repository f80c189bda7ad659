"""DingTalk (钉钉) on localhost: its two server APIs, its pushes over HTTP and Stream, and its members' phones."""

from emulator.dingtalk.platform import Platform
from emulator.dingtalk.settings import CustomRobot, Group, Person, Settings, Switches, Template

__all__ = ["CustomRobot", "Group", "Person", "Platform", "Settings", "Switches", "Template"]
