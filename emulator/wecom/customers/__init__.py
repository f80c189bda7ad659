"""客户联系: the members' customers on WeChat, their tags, transfers, groups, and ways to reach them (§3.10)."""

from emulator.wecom.api import Api
from emulator.wecom.customers import groups, reaching, reading, tags, transfers

APIS: tuple[Api, ...] = (*reading.APIS, *tags.APIS, *transfers.APIS, *reaching.APIS, *groups.APIS)
