"""`liaodan demo`: the whole product in one process. `liaodan emulator`: the emulated platform alone."""

import signal
import socket
from datetime import timedelta
from pathlib import Path
from threading import Event as Flag
from threading import Lock
from typing import TYPE_CHECKING, Any

import click

from bot.command.menu import create_menu
from bot.command.root import plain_errors
from bot.demo.platform import platform_settings

if TYPE_CHECKING:
    from bot.bootstrap import Program
    from emulator.wecom import Platform

STEP = timedelta(minutes=30)
LONGEST_WALK = timedelta(days=7)
"""A jump of the demo's clock is walked in steps, so that warnings come before what they warn of, as in real time."""


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65534), default=8000, show_default=True, help="产品端口；聊天页在下一个端口"
)
@click.option("--data", type=click.Path(path_type=Path), default=Path("var/demo"), show_default=True, help="数据目录")
@click.option("--no-seed", is_flag=True, help="不生成演示数据，只有成员")
def demo(port: int, data: Path, no_seed: bool) -> None:
    """在一个进程里运行整个产品和企业微信模拟器，带演示公司。"""
    from bot.logs import set_up
    from emulator.server import serve
    from emulator.wecom import Platform

    set_up()
    with plain_errors():
        port, chat_port = _ports(port)
        platform = Platform(platform_settings(port, data))
        chat = serve(platform, "127.0.0.1", chat_port)
        if not (data / "liaodan.db").exists():
            click.echo("  正在准备演示公司，第一次要十来秒…")
        running = Running(platform, port, chat.port, data, seeded=not no_seed)
    click.echo(f"\n  聊天页面  http://127.0.0.1:{chat.port}/\n  控制台    http://127.0.0.1:{port}/console/")
    click.echo("\n  在左边手机里发一句：新线索 苏州汇川 13812345678 官网来的 要100台伺服\n  按 Ctrl-C 停止\n")
    stop = Flag()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()
    click.echo("正在停止…")
    running.close()
    chat.close()


class Running:
    """Everything but the platform: web, worker and clock over one database, on the platform's clock."""

    def __init__(self, platform: "Platform", port: int, chat_port: int, data: Path, *, seeded: bool) -> None:
        from bot.bootstrap import build
        from bot.demo.company import enrol_people, seed
        from bot.demo.platform import product_settings
        from bot.worker import Worker
        from scheduler.main import Clock

        self._platform = platform
        self._program = build(product_settings(port, chat_port, data), clock=platform.clock.now)
        self._program.prepare()
        enrol_people(self._program.open_work)
        if seeded:
            seed(self._program.open_work)
        self._web = WebServer(self._program, "127.0.0.1", port)
        create_menu(self._program)
        self._walked, self._walking = platform.clock.now(), Lock()
        self._worker, self._clock = Worker(self._program), Clock(self._program, self._walk)
        self._worker.start()
        self._clock.start()
        platform.clock.on_change(self._walk)

    def close(self) -> None:
        """Stop in the order in which work flows."""
        self._web.close()
        self._clock.stop()
        self._worker.stop()
        self._program.close()

    def _walk(self) -> None:
        """Keep every promise between where the clock was and where it is now, in its order."""
        from scheduler.jobs import tick

        with self._walking:
            until = self._platform.clock.now()
            moment = max(self._walked, until - LONGEST_WALK)
            while (moment := moment + STEP) < until:
                tick(self._program.open_work, self._program.workdays, moment)
            tick(self._program.open_work, self._program.workdays, until)
            self._walked = until


class WebServer:
    """The product's web process, in a background thread."""

    def __init__(self, program: "Program", host: str, port: int) -> None:
        from threading import Thread

        from waitress.server import create_server

        from bot.wsgi import LIMITS, application

        self._server: Any = create_server(application(program), host=host, port=port, **LIMITS)
        self._thread = Thread(target=self._server.run, name="web", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Answer what is running and stop."""
        self._server.task_dispatcher.shutdown()
        self._server.close()
        self._thread.join(5)


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8100, show_default=True, help="聊天页与接口端口")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址")
@click.option("--callback", default="http://127.0.0.1:8000/callback/wecom", show_default=True, help="回调地址")
@click.option("--data", type=click.Path(path_type=Path), help="保存手机消息的目录；不给则只在内存")
def emulator(port: int, host: str, callback: str, data: Path | None) -> None:
    """只运行平台模拟器；产品另外启动，并把 WECOM_API_BASE 指向这里。"""
    from bot.demo.platform import environment, platform_settings
    from emulator.__main__ import run

    with plain_errors():
        click.echo("产品一侧的环境变量：")
        for name, value in environment(port).items():
            click.echo(f"  {name}={value}")
        run(platform_settings(8000, data, callback=callback), host=host, port=port)


def _ports(port: int) -> tuple[int, int]:
    """Choose the two ports; 0 takes any free ones."""
    if port == 0:
        return _free(), _free()
    for number in (port, port + 1):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", number))
            except OSError:
                raise ValueError(f"端口 {number} 已被占用，请用 --port 换一个，例如 --port 8600") from None
    return port, port + 1


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
