"""Work beside the chat: to-dos, approvals, calendar, work notifications."""

from emulator.dingtalk.api import Api
from emulator.dingtalk.work import approvals, calendar, notifications, todo

APIS: tuple[Api, ...] = (*todo.APIS, *approvals.APIS, *calendar.APIS, *notifications.APIS)
