"""How the demo's product and the emulated platforms know each other: an app each, with secrets that open no other."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bot.demo.people import PEOPLE
from bot.settings import Settings

if TYPE_CHECKING:
    from emulator.dingtalk import Settings as DingTalkSettings
    from emulator.wecom import Settings as WeComSettings

CORP_ID = "ww5a1b2c3d4e5f6071"
AGENT_ID = 1000002
SECRET = "demo-secret-that-opens-only-the-emulator-xx"  # noqa: S105 - for the emulator only
TOKEN = "liaodanDemo"  # noqa: S105
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
CLIENT_ID = "dingdemoappkey0001"
DING_CORP_ID = "ding0a1b2c3d4e5f60718293a4b5c6d7e8f9"

Siblings = Sequence[tuple[str, str]]
"""Other platforms' pages, by label and address."""


def wecom_platform(port: int, data: Path | None, *, callback: str = "", siblings: Siblings = ()) -> "WeComSettings":
    """The emulated WeCom: the demo's people, calling back to the product on `port`."""
    from emulator.wecom import Person
    from emulator.wecom import Settings as WeComSettings

    if data is not None:
        data.mkdir(parents=True, exist_ok=True)
    return WeComSettings(
        corp_id=CORP_ID,
        agent_id=AGENT_ID,
        secret=SECRET,
        token=TOKEN,
        aes_key=AES_KEY,
        callback_url=callback or f"http://127.0.0.1:{port}/callback/wecom",
        people=tuple(
            Person(userid=p.user_id, name=p.name, department=p.department, role=p.caption, hints=p.hints)
            for p in PEOPLE
        ),
        siblings=tuple(siblings),
        data_dir=data,
    )


def dingtalk_platform(
    port: int, data: Path | None, *, siblings: Siblings = (), mode: str = "stream"
) -> "DingTalkSettings":
    """The emulated DingTalk: the same people, a sales group, and the card template of the product.

    `mode` says whether the product fetches messages over Stream or has them pushed over HTTP.
    """
    from emulator.dingtalk import Group, Person
    from emulator.dingtalk import Settings as DingTalkSettings

    if data is not None:
        data.mkdir(parents=True, exist_ok=True)
    product = f"http://127.0.0.1:{port}/callback/dingtalk"
    return DingTalkSettings(
        corp_id=DING_CORP_ID,
        client_id=CLIENT_ID,
        client_secret=SECRET,
        token=TOKEN,
        aes_key=AES_KEY,
        robot_mode=mode,
        event_mode=mode,
        robot_url=f"{product}/robot",
        event_url=f"{product}/event",
        people=tuple(
            Person(
                userid=p.user_id,
                name=p.name,
                department=p.department,
                role=p.caption,
                hints=p.hints,
                mobile=p.mobile,
                manager=p.manager,
                admin="admin" in p.roles,
            )
            for p in PEOPLE
        ),
        groups=(Group(name="华东销售群", members=("zhangwei", "chenchen", "wangqiang")),),
        siblings=tuple(siblings),
        data_dir=data,
    )


def environment(*, wecom: int | None = None, dingtalk: int | None = None) -> dict[str, str]:
    """What a product needs in its environment to talk to the emulators on these ports of this machine."""
    told: dict[str, str] = {}
    if wecom is not None:
        told |= {
            "WECOM_CORP_ID": CORP_ID,
            "WECOM_AGENT_ID": str(AGENT_ID),
            "WECOM_SECRET": SECRET,
            "WECOM_TOKEN": TOKEN,
            "WECOM_AES_KEY": AES_KEY,
            "WECOM_API_BASE": f"http://127.0.0.1:{wecom}",
        }
    if dingtalk is not None:
        from emulator.dingtalk.settings import CRM_CARD

        told |= {
            "DINGTALK_CLIENT_ID": CLIENT_ID,
            "DINGTALK_CLIENT_SECRET": SECRET,
            "DINGTALK_CORP_ID": DING_CORP_ID,
            "DINGTALK_TOKEN": TOKEN,
            "DINGTALK_AES_KEY": AES_KEY,
            "DINGTALK_CARD_TEMPLATE_ID": CRM_CARD.id,
            "DINGTALK_API_BASE": f"http://127.0.0.1:{dingtalk}",
            "DINGTALK_OAPI_BASE": f"http://127.0.0.1:{dingtalk}",
        }
    return told


def product_settings(port: int, data: Path, told: dict[str, str], kit: str = "") -> Settings:
    """The product's settings for the demo, whatever the environment says but for what it is `told` of the platforms."""
    silent = {
        name: field.default for name, field in Settings.model_fields.items() if name.startswith(("wecom_", "dingtalk_"))
    }
    given = silent | {name.lower(): value for name, value in told.items()}
    return Settings(
        **{
            "database_url": f"sqlite:///{(data / 'liaodan.db').resolve()}",
            "redis_url": "",
            "data": data,
            "port": port,
            "public_url": f"http://127.0.0.1:{port}",
            "admins": "",
            "playbook": kit,
            **given,
        }
    )
