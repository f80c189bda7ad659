"""`liaodan web`, `worker`, `clock`, `stream`: the processes of the Procfile."""

import signal
from threading import Event as Flag

import click

from bot.command.program import running
from bot.command.root import settings

metrics_port = click.option("--metrics", type=click.IntRange(1, 65535), help="在本机这个端口提供 Prometheus 指标")


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="监听端口，默认取环境变量 PORT")
@click.option("--host", default="0.0.0.0", show_default=True, help="监听地址")  # noqa: S104 - a web server
def web(port: int | None, host: str) -> None:
    """网页进程：平台回调、REST API 和控制台。"""
    import waitress

    from bot.wsgi import LIMITS, application

    chosen = settings()
    with running(chosen) as program:
        listen = chosen.port if port is None else port
        click.echo(f"聊单 web：http://{host}:{listen}")
        waitress.serve(application(program), host=host, port=listen, _quiet=True, **LIMITS)


@click.command()
@click.option("--threads", type=click.IntRange(1, 64), default=4, show_default=True, help="线程数")
@metrics_port
def worker(threads: int, metrics: int | None) -> None:
    """工作进程：处理收到的消息、发送待发消息、运行任务。"""
    from bot.worker import Worker

    with running() as program:
        run = Worker(program, threads)
        run.start()
        _serve_metrics(metrics)
        until_stopped("聊单 worker 已启动")
        run.stop()


@click.command()
@metrics_port
def clock(metrics: int | None) -> None:
    """时钟进程：到期事项、每日计划和日报；可以开多个，只有一个领头。"""
    from scheduler.main import Clock

    with running() as program:
        run = Clock(program)
        run.start()
        _serve_metrics(metrics)
        until_stopped("聊单 clock 已启动")
        run.stop()


@click.command()
@metrics_port
def stream(metrics: int | None) -> None:
    """钉钉 Stream 连接进程：收机器人消息、卡片点击和事件，一个就够；没有配置钉钉时只等待停止信号。"""
    chosen = settings()
    if not chosen.has_dingtalk:
        until_stopped("没有配置钉钉（DINGTALK_CLIENT_ID 和 DINGTALK_CLIENT_SECRET），不需要 Stream 连接")
        return
    with running(chosen) as program:
        run = program.stream()
        run.start()
        _serve_metrics(metrics)
        until_stopped("聊单 stream 已启动")
        run.stop()


def _serve_metrics(port: int | None) -> None:
    if port is not None:
        from prometheus_client import start_http_server

        try:
            start_http_server(port, addr="127.0.0.1")
        except OSError as error:
            raise click.ClickException(f"端口 {port} 已被占用，请用 --metrics 换一个") from error


def until_stopped(words: str) -> None:
    """Say that we run, and wait for SIGTERM or Ctrl-C."""
    stop = Flag()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    click.echo(words)
    stop.wait()
