"""`python -m emulator`: a small demo company on localhost, talking to a service one is developing."""

import argparse
import threading
from pathlib import Path

from emulator.server import Server, serve
from emulator.wecom import Person, Platform, Settings

DEMO_PEOPLE = (
    Person(
        userid="xiaoli",
        name="李晓芸",
        department="销售部/华东",
        role="销售代表",
        hints=("今天", "公海", "新线索 苏州汇川 13812345678 官网来的 要100台伺服", "帮助"),
    ),
    Person(
        userid="laowang", name="王建国", department="销售部/华东", role="销售代表", hints=("今天", "公海", "我的线索")
    ),
    Person(userid="chenzong", name="陈立", department="销售部", role="销售经理", hints=("报表", "待审批", "今天")),
    Person(userid="zhangzong", name="张敏", department="", role="总经理", hints=("漏斗", "待审批")),
)
DEMO = Settings(
    corp_id="ww5a1b2c3d4e5f6071",
    agent_id=1000002,
    secret="emulator-secret-emulator-secret-emulator-se",  # noqa: S106 - opens nothing but this emulator
    token="QDG6eK",  # noqa: S106
    aes_key="jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C",
    callback_url="http://127.0.0.1:8000/callback/wecom",
    people=DEMO_PEOPLE,
)


def run(settings: Settings, *, host: str = "127.0.0.1", port: int = 8100) -> None:
    """Serve one platform until Ctrl-C."""
    server = serve(Platform(settings), host, port)
    _announce(server, settings)
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        server.close()


def _announce(server: Server, settings: Settings) -> None:
    print(f"企业微信模拟器：{server.url}/  →  {settings.callback_url}")


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and run the demo company."""
    parser = argparse.ArgumentParser(prog="python -m emulator", description="企业微信模拟器")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8100)
    parser.add_argument("--callback", default=DEMO.callback_url, help="回调地址")
    parser.add_argument("--data", type=Path, default=None, help="保存手机消息的目录；不给则只在内存")
    chosen = parser.parse_args(arguments)
    settings = {**vars(DEMO), "callback_url": chosen.callback, "data_dir": chosen.data}
    run(Settings(**settings), host=chosen.host, port=chosen.port)


if __name__ == "__main__":
    main()
