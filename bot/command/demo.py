"""`liaodan demo`: the whole product in one process. `liaodan emulator`: the emulated platforms alone."""

import socket
from datetime import timedelta
from pathlib import Path
from threading import Lock
from typing import IO, TYPE_CHECKING, Any

import click

from bot.command.menu import create_menu
from bot.command.processes import until_stopped
from bot.command.root import plain_errors
from core.model.member import CHANNELS

if TYPE_CHECKING:
    from bot.bootstrap import Program
    from bot.demo.stage import Ports, Stage

PLATFORMS = ("both", "wecom", "dingtalk")
STEP = timedelta(minutes=30)
LONGEST_WALK = timedelta(days=7)
"""A jump of the demo's clock is walked in steps, so that warnings come before what they warn of, as in real time."""


@click.command()
@click.option(
    "--port", type=click.IntRange(0, 65533), default=8000, show_default=True, help="产品端口；聊天页在后面的端口"
)
@click.option("--data", type=click.Path(path_type=Path), default=Path("var/demo"), show_default=True, help="数据目录")
@click.option("--no-seed", is_flag=True, help="不生成演示数据，只有成员")
@click.option("--platform", type=click.Choice(PLATFORMS), default="both", show_default=True, help="演示哪个平台")
@click.option("--kit", default="", help="用哪个行业的规则模板，例如 manufacturing；只在第一次启动时生效")
def demo(port: int, data: Path, no_seed: bool, platform: str, kit: str) -> None:
    """在一个进程里运行整个产品、企业微信和钉钉模拟器，带演示公司。"""
    from bot.demo.stage import Stage
    from bot.logs import set_up

    set_up()
    with plain_errors():
        ports = _ports(port, platform)
        lock = _alone(data)
        stage = Stage(ports, data)
        if not (data / "liaodan.db").exists():
            click.echo("  正在准备演示公司，第一次要十来秒…")
        running = Running(stage, ports, data, seeded=not no_seed, kit=kit)
    pages = "\n".join(f"  聊天页面  {ports.address(channel)}  {CHANNELS[channel]}" for channel in ports.pages)
    until_stopped(
        f"\n{pages}\n  控制台    http://127.0.0.1:{ports.product}/console/\n\n"
        "  在左边手机里发一句：新线索 苏州汇川 13812345678 官网来的 要100台伺服\n  按 Ctrl-C 停止\n"
    )
    click.echo("正在停止…")
    running.close()
    stage.close()
    lock.close()


class Running:
    """Everything but the platforms: web, worker, clock and stream over one database, on the platforms' clock."""

    def __init__(self, stage: "Stage", ports: "Ports", data: Path, *, seeded: bool, kit: str = "") -> None:
        from bot.bootstrap import build
        from bot.demo.company import enrol_people, seed
        from bot.demo.library import stock_the_library
        from bot.demo.platform import product_settings
        from bot.worker import Worker
        from scheduler.main import Clock

        self._now = stage.now
        self._program = build(product_settings(ports.product, data, stage.environment, kit), clock=stage.now)
        self._program.prepare()
        enrol_people(self._program.open_work, tuple(ports.pages))
        if seeded:
            seed(self._program.open_work)
            stock_the_library(self._program.open_work, self._program.typesetter)
        self._web = WebServer(self._program, "127.0.0.1", ports.product)
        create_menu(self._program)
        self._walked, self._walking = stage.now(), Lock()
        self._worker, self._clock = Worker(self._program), Clock(self._program, self._walk)
        self._stream = self._program.stream() if "dingtalk" in ports.pages else None
        if self._stream is not None:
            self._stream.start()
        self._worker.start()
        self._clock.start()
        stage.on_move(self._walk)

    def close(self) -> None:
        """Stop in the order in which work flows."""
        if self._stream is not None:
            self._stream.stop()
        self._web.close()
        self._clock.stop()
        self._worker.stop()
        self._program.close()

    def _walk(self) -> None:
        """Keep every promise between where the clock was and where it is now, in its order."""
        from scheduler.jobs import tick

        with self._walking:
            until = self._now()
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
        # Waitress looks up from its sockets once a second; the trigger lets it close them now, in its own thread.
        self._server.trigger.pull_trigger(self._close_all)
        self._thread.join(5)

    def _close_all(self) -> None:
        for connection in list(self._server.active_channels.values()):
            connection.handle_close()
        self._server.close()


@click.command()
@click.option("--port", type=click.IntRange(0, 65534), default=8100, show_default=True, help="聊天页与接口端口")
@click.option(
    "--product", type=click.IntRange(1, 65535), default=8000, show_default=True, help="产品的端口，回调发到那里"
)
@click.option("--platform", type=click.Choice(PLATFORMS), default="both", show_default=True, help="模拟哪个平台")
@click.option("--data", type=click.Path(path_type=Path), help="保存手机消息的目录；不给则只在内存")
def emulator(port: int, product: int, platform: str, data: Path | None) -> None:
    """只运行平台模拟器；产品另外启动，并按打印的环境变量指向这里。"""
    from bot.demo.stage import Ports, Stage

    with plain_errors():
        ports = Ports(product, _pages(port, platform))
        stage = Stage(ports, data)
    told = (f"  {name}={value}" for name, value in stage.environment.items())
    pages = (f"聊天页面  {ports.address(channel)}  {CHANNELS[channel]}" for channel in ports.pages)
    until_stopped("\n".join(("产品一侧的环境变量：", *told, *pages)))
    stage.close()


def _alone(data: Path) -> IO[bytes]:
    """Keep a second demo off the same data until the file is closed: two clocks would disagree about one database."""
    import fcntl

    data.mkdir(parents=True, exist_ok=True)
    lock = (data / "demo.lock").open("wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise ValueError(f"另一个演示正在使用 {data}，请先停掉它，或用 --data 换一个目录") from None
    return lock


def _ports(port: int, platform: str) -> "Ports":
    """Choose the product's port and the pages' behind it; 0 takes any free ones."""
    from bot.demo.stage import Ports

    if port == 0:
        return Ports(_free(), {channel: _free() for channel in _chosen(platform)})
    pages = _pages(port + 1, platform)
    for number in (port, *pages.values()):
        _check_free(number)
    return Ports(port, pages)


def _pages(port: int, platform: str) -> dict[str, int]:
    return {channel: port + number if port else _free() for number, channel in enumerate(_chosen(platform))}


def _chosen(platform: str) -> tuple[str, ...]:
    return PLATFORMS[1:] if platform == "both" else (platform,)


def _check_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise ValueError(f"端口 {port} 已被占用，请用 --port 换一个，例如 --port 8600") from None


def _free() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
