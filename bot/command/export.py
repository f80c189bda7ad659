"""`liaodan export`: leads, accounts, contacts and deals into Excel and CSV files."""

from pathlib import Path

import click

from bot.command.program import member_called, running
from bot.command.root import plain_errors
from connectors.sheet_writer import TableFile
from core.errors import BadInput
from core.model.member import SYSTEM
from core.model.playbook import Condition
from core.rules.fields.catalogue import catalogue_of
from core.rules.fields.saying import said_condition
from core.services.fields.exporting import exported

KINDS = {"leads": "lead", "accounts": "account", "contacts": "contact", "deals": "deal"}


@click.command("export")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.option(
    "--to", "path", type=click.Path(path_type=Path, dir_okay=False), required=True, help="写到这个 xlsx 或 csv"
)
@click.option("--as", "who", metavar="PLATFORM:USERID", help="以谁的权限导出，例如 wecom:zhangwei；不写则导出全部")
@click.option("--where", "tests", multiple=True, help="条件，例如 设备类型是注塑机；写几次就都要满足")
@click.option("--force", is_flag=True, help="文件已存在时覆盖")
def export(kind: str, path: Path, who: str | None, tests: tuple[str, ...], force: bool) -> None:
    """导出线索、客户、联系人、商机，自定义字段也在内。

    只有这个人看得到的记录和字段；打码的字段按他看到的样子导出。表头能再导入。单元格不会被当成公式。
    """
    with plain_errors():
        if path.suffix.lower() not in (".xlsx", ".csv"):
            raise BadInput(f"不认识的文件类型「{path.suffix}」，请写成 .xlsx 或 .csv")
        if path.exists() and not force:
            raise BadInput(f"「{path}」已经存在。请换个名字，或加 --force 覆盖")
        with running() as program:
            actor = member_called(program, who) if who else SYSTEM
            with program.open_work(actor, reading=True) as uow:
                catalogue = catalogue_of(uow.playbook, KINDS[kind])
                wanted = Condition(every=tuple(said_condition(test, catalogue) for test in tests))
                table = exported(uow, KINDS[kind], wanted)
                file = TableFile(path, catalogue.label)
                try:
                    file.add(table.headings)
                    for row in table.rows:
                        file.add(row)
                finally:
                    file.close()
    click.echo(f"导出 {catalogue.label} {file.count - 1} 条到 {path}")
