"""WeCom (企业微信) on localhost: its server API, its callbacks, and its members' phones."""

from emulator.wecom.platform import Platform
from emulator.wecom.settings import Person, Settings, Switches

__all__ = ["Person", "Platform", "Settings", "Switches"]
