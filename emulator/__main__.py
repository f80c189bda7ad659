"""`python -m emulator`: a small demo company on localhost, talking to a service one is developing."""

import argparse
import threading
from dataclasses import replace
from pathlib import Path

from emulator import dingtalk, wecom
from emulator.server import Server, serve

PEOPLE: tuple[tuple[str, str, str, str, tuple[str, ...]], ...] = (
    (
        "xiaoli", "李晓芸", "销售部/华东", "销售代表",
        ("今天", "公海", "新线索 苏州汇川 13812345678 官网来的 要100台伺服", "帮助"),
    ),
    ("laowang", "王建国", "销售部/华东", "销售代表", ("今天", "公海", "我的线索")),
    ("chenzong", "陈立", "销售部", "销售经理", ("报表", "待审批", "今天")),
    ("zhangzong", "张敏", "", "总经理", ("漏斗", "待审批")),
)  # fmt: skip
AES_KEY = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C"
WECOM = wecom.Settings(
    corp_id="ww5a1b2c3d4e5f6071",
    agent_id=1000002,
    secret="emulator-secret-emulator-secret-emulator-se",  # noqa: S106 - opens nothing but this emulator
    token="QDG6eK",  # noqa: S106
    aes_key=AES_KEY,
    callback_url="http://127.0.0.1:8000/callback/wecom",
    people=tuple(
        wecom.Person(userid=userid, name=name, department=department, role=role, hints=hints)
        for userid, name, department, role, hints in PEOPLE
    ),
)
DINGTALK = dingtalk.Settings(
    corp_id="ding5a1b2c3d4e5f6071",
    client_id="dingemulator0000001",
    client_secret="emulator-secret-that-opens-only-the-emulator-here-and-nothing-xx",  # noqa: S106
    agent_id=1000003,
    token="QDG6eK",  # noqa: S106
    aes_key=AES_KEY,
    people=tuple(
        dingtalk.Person(userid=userid, name=name, department=department, role=role, hints=hints)
        for userid, name, department, role, hints in PEOPLE
    ),
    groups=(dingtalk.Group(name="销售部", members=tuple(userid for userid, *_ in PEOPLE[:3])),),
)


def run(settings: wecom.Settings | dingtalk.Settings, *, host: str = "127.0.0.1", port: int = 8100) -> None:
    """Serve one platform until Ctrl-C."""
    _until_stopped([start(settings, host=host, port=port)])


def start(settings: wecom.Settings | dingtalk.Settings, *, host: str, port: int) -> Server:
    """Serve one platform from now on, and say where."""
    if isinstance(settings, dingtalk.Settings):
        server = serve(dingtalk.Platform(replace(settings, stream_host=host)), host, port)
        ways = [settings.robot_url or "Stream", settings.event_url or "Stream"]
        print(f"钉钉模拟器：{server.url}/  →  {'、'.join(dict.fromkeys(ways))}")
    else:
        server = serve(wecom.Platform(settings), host, port)
        print(f"企业微信模拟器：{server.url}/  →  {settings.callback_url}")
    return server


def run_both(host: str, port: int, callback: str, data: Path | None) -> None:
    """Serve both platforms on one clock, WeCom on `port`, DingTalk on the next."""
    addresses = {"企业微信": f"http://{host}:{port}/", "钉钉": f"http://{host}:{port + 1}/"}
    first = wecom.Platform(
        replace(WECOM, callback_url=callback, data_dir=data, siblings=(("钉钉", addresses["钉钉"]),))
    )
    sibling = (("企业微信", addresses["企业微信"]),)
    second = dingtalk.Platform(replace(DINGTALK, data_dir=data, siblings=sibling, stream_host=host), clock=first.clock)
    servers = [serve(first, host, port), serve(second, host, port + 1)]
    for name, address in addresses.items():
        print(f"{name}模拟器：{address}")
    _until_stopped(servers)


def _until_stopped(servers: list[Server]) -> None:
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        for server in servers:
            server.close()


def main(arguments: list[str] | None = None) -> None:
    """Read the command line and run the demo company."""
    parser = argparse.ArgumentParser(prog="python -m emulator", description="企业微信与钉钉模拟器")
    parser.add_argument("--platform", choices=("wecom", "dingtalk", "both"), default="wecom", help="模拟哪个平台")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8100, help="端口；both 时钉钉用下一个端口")
    parser.add_argument("--callback", default=WECOM.callback_url, help="企业微信的回调地址")
    parser.add_argument("--robot-url", default="", help="钉钉机器人的消息接收地址；不给则用 Stream")
    parser.add_argument("--event-url", default="", help="钉钉事件订阅的地址；不给则用 Stream")
    parser.add_argument("--data", type=Path, default=None, help="保存手机消息的目录；不给则只在内存")
    chosen = parser.parse_args(arguments)
    if chosen.platform == "both":
        run_both(chosen.host, chosen.port, chosen.callback, chosen.data)
    elif chosen.platform == "wecom":
        run(replace(WECOM, callback_url=chosen.callback, data_dir=chosen.data), host=chosen.host, port=chosen.port)
    else:
        settings = replace(
            DINGTALK,
            robot_url=chosen.robot_url,
            event_url=chosen.event_url,
            robot_mode=dingtalk.HTTP if chosen.robot_url else dingtalk.STREAM,
            event_mode=dingtalk.HTTP if chosen.event_url else dingtalk.STREAM,
            data_dir=chosen.data,
        )
        run(settings, host=chosen.host, port=chosen.port)


if __name__ == "__main__":
    main()
