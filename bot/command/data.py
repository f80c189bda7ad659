"""`liaodan import`: customers, deals and people out of Excel and CSV files."""

import json
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import click

from bot.command.program import running
from bot.command.readers import chat_readers
from bot.command.root import plain_errors
from connectors.sheet_writer import BadRowsFile
from connectors.sheets import read_sheets
from core.errors import BadInput
from core.services.imports.columns import Kind
from core.services.imports.report import DUPLICATE, UNFIT, Report
from core.services.imports.run import default_owner, run_import

KINDS = {
    Kind.LEADS: "线索",
    Kind.ACCOUNTS: "客户",
    Kind.CONTACTS: "联系人",
    Kind.DEALS: "商机",
    Kind.FOLLOWUPS: "跟进记录",
    Kind.ORDERS: "订单明细",
    Kind.PAYMENTS: "回款",
    Kind.CONTRACTS: "合同",
    Kind.PRODUCTS: "产品",
    Kind.PRICES: "价格表",
}
SHOWN = 20


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "kind", type=click.Choice([kind.value for kind in KINDS]), required=True, help="文件里是什么")
@click.option("--dry-run", is_flag=True, help="只检查和报告，不写入任何数据")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.option(
    "--bad", "bad_path", type=click.Path(path_type=Path, dir_okay=False), help="没有导入的行写到这个 xlsx 或 csv"
)
@click.option("--sheet", help="只读这个工作表；默认读所有看得见、认得出表头的")
@click.option("--owner", default="", help="没有负责人、或负责人不认识的行归谁：姓名、账号或 wecom:账号")
@click.pass_context
def import_(
    ctx: click.Context,
    file: Path,
    kind: str,
    dry_run: bool,
    as_json: bool,
    bad_path: Path | None,
    sheet: str | None,
    owner: str,
) -> None:
    """导入 xlsx、xls、csv：线索、客户、联系人、商机、跟进记录、合同、订单、回款、产品、价格表；再导一次不会重复。

    同名或同电话的行不会导入，名称相近的照常导入并列出来请人判断。没有负责人的线索进公海；有负责人的线索
    从导入那一刻开始计时，不会一导入就被回收。导入的跟进记录是历史，不影响计时。
    """
    with plain_errors():
        sheets = read_sheets(file, sheet)
        target = bad_path or _free(file.stem)
        if target.resolve() == file.resolve() or not target.resolve().parent.is_dir():
            raise BadInput(f"没有导入的行不能写到「{target}」。请用 --bad 指定另一个文件，例如 --bad bad.xlsx")
        with running() as program, ExitStack() as stack:
            order = default_owner(program.open_work, owner, Kind(kind), dry_run=dry_run)
            bad = BadRowsFile(target)
            stack.callback(bad.close)
            progress = _progress(stack, sum(one.height for one in sheets), quiet=as_json)
            readers = chat_readers(program.calendar.local(program.clock()), program.workdays)
            report = run_import(program.open_work, file.name, sheets, order, readers, bad=bad, progress=progress)
        report.bad_file = str(target) if bad.count else ""
    click.echo(json.dumps(report.as_json(), ensure_ascii=False) if as_json else "\n".join(report_lines(report)))
    if report.bad and not report.taken and not report.certain:
        ctx.exit(1)


_UNKNOWN_OWNERS = {
    Kind.LEADS: "不在成员名单里的负责人，他们的线索会进入公海；要归到本人，请先 liaodan members import 再导入",
    Kind.ACCOUNTS: "不在成员名单里的负责人，他们的客户暂无负责人；请先 liaodan members import 再导入",
}
"""What happens to the rows of owners whom nobody knows, by kind."""


def report_lines(report: Report) -> list[str]:
    """Write the account of an import for a terminal."""
    what = KINDS[Kind(report.kind)]
    title = f"{report.file} → {what}" + ("（预演，没有写入）" if report.dry_run else "")
    out = [title, f"读到 {report.read} 行，导入 {report.taken} 行，没有导入 {report.read - report.taken} 行"]
    out += [f"  · {name}：{count}" for name, count in _also(report).items()]
    out += [f"  × {reason} {len(rows)} 行：{_some(rows)}" for reason, rows in report.dropped.items()]
    out += _section("完全重复的行", [f"第 {r['row']} 行与第 {r['of']} 行相同" for r in report.repeats])
    out += _section(
        DUPLICATE,
        [f"第 {d['row']} 行「{d['name']}」＝ {d['of']}「{d['of_name']}」（{d['matched']}）" for d in report.certain],
    )
    out += _section(
        "可能重复，已照常导入，请人判断",
        [f"第 {d['row']} 行「{d['name']}」≈ {d['where']}「{d['like']}」" for d in report.proposed],
    )
    out += _section(UNFIT, _by_reason(report))
    out += _section(
        _UNKNOWN_OWNERS.get(Kind(report.kind), "不在成员名单里的负责人"),
        [f"{name}：{_some(rows)}" for name, rows in report.unknown_owners.items()],
    )
    out += _section("其他说明", [f"{remark}：{_some(rows)}" for remark, rows in report.remarks.items()])
    out += _section("更正的写法", [f"{a} → {b}（{n} 行）" for (a, b), n in report.respelled.items()])
    out.append("看懂的列：" + "、".join(f"{a}→{b}" if a != b else a for a, b in report.understood.items()))
    if report.kept_columns:
        out.append("没有对应字段、原文存入备注的列：" + "、".join(report.kept_columns))
    if report.skipped_sheets:
        out.append("没有读的工作表（没有可识别的表头）：" + "、".join(report.skipped_sheets))
    if report.bad_file:
        out.append(f"需要修改的行连同原因在：{report.bad_file}，改好后再导入它即可（重复、小计和空行不在其中）")
    return out


def _free(stem: str) -> Path:
    """Choose a name that is not taken: somebody may be mending the rows of the last time."""
    names = (f"{stem}.bad{f'-{number}' if number > 1 else ''}.xlsx" for number in count(1))
    return next(path for path in map(Path, names) if not path.exists())


def _also(report: Report) -> dict[str, int]:
    return {f"同时新建{name}" if len(name) <= 3 else name: count for name, count in report.made.items()}  # noqa: PLR2004


def _section(title: str, rows: list[str]) -> list[str]:
    if not rows:
        return []
    more = [f"  …… 还有 {len(rows) - SHOWN} 条，用 --json 看全部"] if len(rows) > SHOWN else []
    return [f"{title}（{len(rows)}）", *(f"  {row}" for row in rows[:SHOWN]), *more]


def _some(rows: list[str]) -> str:
    return f"第 {'、'.join(rows[:SHOWN])} 行" + (f"等 {len(rows)} 行" if len(rows) > SHOWN else "")


def _by_reason(report: Report) -> list[str]:
    reasons: dict[str, list[str]] = {}
    for bad in report.bad:
        reasons.setdefault(bad["reason"], []).append(bad["row"])
    return [f"{_some(rows)}：{reason}" for reason, rows in reasons.items()]


def _progress(stack: ExitStack, length: int, *, quiet: bool) -> Any:
    import sys

    if quiet or not sys.stderr.isatty():
        return lambda rows: None
    bar = stack.enter_context(click.progressbar(length=length, label="导入", file=sys.stderr))
    return bar.update
