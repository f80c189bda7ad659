"""`liaodan template`: the company's document templates: shown, checked with sample data, put in use, previewed."""

import getpass
from pathlib import Path

import click

from bot.bootstrap import Program
from bot.command.program import member_called, running
from bot.command.root import plain_errors
from core.errors import BadInput
from core.errors.files import NoSuchTemplate
from core.model.member import SYSTEM, Member
from core.ports.files import Setting
from core.services.documents.kinds import KINDS, kind_of
from core.services.documents.templates import check_template, fields_of, keep_template, template_in_use

FILE = click.Path(path_type=Path, dir_okay=False)
KIND = click.Choice(list(KINDS))


@click.group()
def template() -> None:
    """报价单、合同的 PDF 模板：查看、检查、启用、预览、退回。"""


@template.command("list")
def list_() -> None:
    """列出每种文档用的是第几版，以及以前的版本。"""
    with plain_errors(), running() as program, program.open_work(SYSTEM, reading=True) as uow:
        for kind, about in KINDS.items():
            versions = uow.templates.versions(kind)
            click.echo(f"{kind}（{about.title}）：" + (f"第 {versions[0].number} 版" if versions else "自带的模板"))
            for one in versions:
                when = uow.calendar.local(one.at)
                back = f"，退回到第 {one.restores} 版" if one.restores is not None else ""
                click.echo(f"  第 {one.number} 版  {when:%Y-%m-%d %H:%M}  {one.by_name}  {one.remark}{back}")


@template.command()
@click.argument("kind", type=KIND)
@click.argument("number", type=int, required=False)
@click.option("--to", "path", type=FILE, help="写到这个文件，改好后用 apply 启用")
def show(kind: str, number: int | None, path: Path | None) -> None:
    """显示一种文档正在用的模板，或第 N 版（0 是自带的）。"""
    with plain_errors(), running() as program, program.open_work(SYSTEM, reading=True) as uow:
        source = template_in_use(uow, program.typesetter, kind, number).source
        if path is None:
            click.echo(source, nl=False)
            return
        if path.exists():
            raise BadInput(f"「{path}」已经存在，请换个文件名")
        path.write_text(source, "utf-8")
        click.echo(f"写到了 {path}，改好后用 liaodan template apply {kind} {path} 启用")


@template.command()
@click.argument("kind", type=KIND)
def fields(kind: str) -> None:
    """列出模板里能用的字段，右边是样例数据里的值。"""
    for path, example in fields_of(kind):
        click.echo(f"{path:<28} {example}")


@template.command()
@click.argument("kind", type=KIND)
@click.argument("file", type=FILE)
def check(kind: str, file: Path) -> None:
    """用样例数据试排一份模板，有错就说明在第几行，不做任何改动。"""
    with plain_errors(), running() as program, program.open_work(SYSTEM, reading=True) as uow:
        check_template(program.typesetter, uow, kind, _source(file))
    click.echo(f"{file.name}：没有问题")


@template.command()
@click.argument("kind", type=KIND)
@click.argument("file", type=FILE)
@click.option("--as", "who", metavar="PLATFORM:USERID", help="以哪位管理员的名义，例如 wecom:wuhao")
@click.option("--remark", default="", help="备注：为什么改")
def apply(kind: str, file: Path, who: str | None, remark: str) -> None:
    """检查一份模板，没有错就启用为新的一版。"""
    with plain_errors(), running() as program:
        source = _source(file)
        with program.open_work(SYSTEM, reading=True) as uow:
            check_template(program.typesetter, uow, kind, source)
        with program.open_work(_actor(program, who)) as uow:
            kept = keep_template(uow, kind, source, remark or f"来自 {file.name}，{getpass.getuser()}")
        click.echo(f"{kind_of(kind).title}模板第 {kept.number} 版启用了，之后生成的都用它")


@template.command()
@click.argument("kind", type=KIND)
@click.argument("number", type=int)
@click.option("--as", "who", metavar="PLATFORM:USERID", help="以哪位管理员的名义")
def restore(kind: str, number: int, who: str | None) -> None:
    """退回到第 N 版（0 是自带的）：作为新的一版启用。"""
    with plain_errors(), running() as program:
        with program.open_work(SYSTEM, reading=True) as uow:
            source = template_in_use(uow, program.typesetter, kind, number).source
            check_template(program.typesetter, uow, kind, source)
        with program.open_work(_actor(program, who)) as uow:
            kept = keep_template(uow, kind, source, f"退回到第 {number} 版", restores=number)
        click.echo(f"{kind_of(kind).title}模板第 {kept.number} 版启用了，内容是第 {number} 版的")


@template.command()
@click.argument("kind", type=KIND)
@click.argument("file", type=FILE, required=False)
@click.option("--to", "path", type=FILE, required=True, help="写到这个 .pdf 或 .png（每页一张）")
def preview(kind: str, file: Path | None, path: Path) -> None:
    """用样例数据排出一份模板（不写则是正在用的），看看样子。"""
    with plain_errors(), running() as program, program.open_work(SYSTEM, reading=True) as uow:
        typesetter = program.typesetter
        source = _source(file) if file else template_in_use(uow, typesetter, kind).source
        setting = Setting(template=source, data=kind_of(kind).samples()[0], at=uow.now)
        if path.suffix.lower() == ".pdf":
            path.write_bytes(typesetter.document(setting))
            click.echo(f"写到了 {path}")
        elif path.suffix.lower() == ".png":
            pages = typesetter.pages(setting)
            for number, page in enumerate(pages, 1):
                path.with_name(f"{path.stem}-{number}.png").write_bytes(page)
            click.echo(f"写到了 {path.stem}-1.png 到 {path.stem}-{len(pages)}.png")
        else:
            raise BadInput(f"不认识的文件类型「{path.suffix}」，请写成 .pdf 或 .png")


def _source(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        raise NoSuchTemplate(str(file), tuple(KINDS)) from None
    except UnicodeDecodeError:
        raise BadInput(f"「{file.name}」不是 UTF-8 文本，请另存为 UTF-8 再试") from None


def _actor(program: Program, who: str | None) -> Member:
    return member_called(program, who) if who else SYSTEM
