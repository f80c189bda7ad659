"""How the demo's product and the emulated WeCom know each other: one app, one set of secrets that open nothing else."""

from pathlib import Path
from typing import TYPE_CHECKING

from bot.demo.people import PEOPLE
from bot.settings import Settings

if TYPE_CHECKING:
    from emulator.wecom import Settings as PlatformSettings

CORP_ID = "ww5a1b2c3d4e5f6071"
AGENT_ID = 1000002
SECRET = "demo-secret-that-opens-only-the-emulator-xx"  # noqa: S105 - for the emulator only
TOKEN = "liaodanDemo"  # noqa: S105
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"


def platform_settings(port: int, data: Path | None, *, callback: str = "") -> "PlatformSettings":
    """The emulated platform: the demo's people, calling back to the product on `port`."""
    from emulator.wecom import Person
    from emulator.wecom import Settings as PlatformSettings

    if data is not None:
        data.mkdir(parents=True, exist_ok=True)
    return PlatformSettings(
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
        data_dir=data,
    )


def product_settings(port: int, chat_port: int, data: Path) -> Settings:
    """The product's settings for the demo, whatever the environment says."""
    return Settings(
        database_url=f"sqlite:///{(data / 'liaodan.db').resolve()}",
        redis_url="",
        data=data,
        port=port,
        public_url=f"http://127.0.0.1:{port}",
        admins="",
        wecom_corp_id=CORP_ID,
        wecom_agent_id=AGENT_ID,
        wecom_secret=SECRET,
        wecom_token=TOKEN,
        wecom_aes_key=AES_KEY,
        wecom_api_base=f"http://127.0.0.1:{chat_port}",
    )


def environment(port: int) -> dict[str, str]:
    """What a product that runs elsewhere needs in its environment to talk to the emulator on `port`."""
    return {
        "WECOM_CORP_ID": CORP_ID,
        "WECOM_AGENT_ID": str(AGENT_ID),
        "WECOM_SECRET": SECRET,
        "WECOM_TOKEN": TOKEN,
        "WECOM_AES_KEY": AES_KEY,
        "WECOM_API_BASE": f"http://127.0.0.1:{port}",
    }
