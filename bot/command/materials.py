"""`liaodan materials`: the library of introductions, cases and templates from the shell."""

from datetime import datetime
from pathlib import Path

import click

from bot.bootstrap import Program
from bot.command.program import member_called, running
from bot.command.root import plain_errors
from core.errors import BadInput
from core.model.material import MaterialKind
from core.model.member import SYSTEM, Member
from core.services.materials import About, add_material, material_of, replace_file, retire_material

FILE = click.Path(path_type=Path, dir_okay=False)
AS = click.option("--as", "who", metavar="PLATFORM:USERID", help="以哪位管理员或市场同事的名义，例如 wecom:zhouting")


@click.group()
def materials() -> None:
    """资料库：公司介绍、案例、方案和模板。"""


@materials.command("list")
def list_() -> None:
    """列出资料库里的全部资料，过期的也在内，以及各发过多少次。"""
    with plain_errors(), running() as program, program.open_work(SYSTEM, reading=True) as uow:
        today = uow.calendar.local(uow.now).date()
        for one in uow.materials.all():
            suits = "、".join((*one.stages, *one.industries)) or "不限"
            until = "" if one.valid_until is None else f"  有效到 {one.valid_until:%Y-%m-%d}"
            over = "" if one.is_valid(today) else "（已过期）"
            click.echo(f"{one.ref}  {one.kind}  {one.title}  用于 {suits}  发过 {one.used} 次{until}{over}")


@materials.command()
@click.argument("file", type=FILE, required=False)
@click.option("--link", help="不是文件而是链接时，写 https 开头的地址")
@click.option("--title", help="标题；不写就用文件名")
@click.option("--kind", type=click.Choice(list(MaterialKind)), help="类型；不写就从标题里猜")
@click.option("--stage", "stages", multiple=True, help="适用的阶段，可写几次；不写就都适用")
@click.option("--industry", "industries", multiple=True, help="适用的行业，可写几次；不写就都适用")
@click.option("--tag", "tags", multiple=True, help="标签，可写几次")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="有效到哪天")
@click.option("--replaces", help="作为哪份资料（例如 E1）的新版本")
@AS
def add(
    *,
    file: Path | None,
    link: str | None,
    title: str | None,
    kind: str | None,
    stages: tuple[str, ...],
    industries: tuple[str, ...],
    tags: tuple[str, ...],
    until: datetime | None,
    replaces: str | None,
    who: str | None,
) -> None:
    """存一份资料，或给已有的一份换上新文件。"""
    with plain_errors(), running() as program:
        got = (file.name, file.read_bytes()) if file is not None else None
        with program.open_work(_actor(program, who)) as uow:
            if replaces is not None:
                if got is None:
                    raise BadInput("换新版本要写上文件")
                material = material_of(uow, replaces)
                replace_file(uow, material, *got)
                click.echo(f"{material.ref} {material.title} 换成第 {material.edition} 版了")
                return
            about = About(
                title=title,
                kind=kind,
                stages=stages or None,
                industries=industries or None,
                tags=tags or None,
                valid_until=until.date() if until else None,
                link=link,
            )
            material = add_material(uow, about, got)
        click.echo(f"存好了：{material.ref} {material.title}（{material.kind}）")


@materials.command()
@click.argument("which")
@AS
def retire(which: str, who: str | None) -> None:
    """下架一份资料，例如 E1。"""
    with plain_errors(), running() as program, program.open_work(_actor(program, who)) as uow:
        material = material_of(uow, which)
        retire_material(uow, material)
        click.echo(f"{material.ref} {material.title} 下架了")


def _actor(program: Program, who: str | None) -> Member:
    return member_called(program, who) if who else SYSTEM
