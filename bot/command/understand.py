"""`liaodan understand`: what a message would do, without doing it."""

import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import click

from bot.bootstrap import Program
from bot.command.program import moment, running
from bot.understanding.acts import Understood
from core.errors import Refusal
from core.model.member import SYSTEM, Member

LONGEST = 20_000
"""Characters of one line of `--lines`."""

OUTCOMES = {
    "do": "直接办理",
    "confirm": "先给您看一遍，等确认",
    "choose": "有几个可能，请选择",
    "ask": "还缺一点，先问您",
    "refuse": "不能办理",
    "ignore": "不用回应",
    "unknown": "没有听懂，不记录任何内容",
}


@click.command()
@click.argument("text", required=False)
@click.option("--as", "who", metavar="PLATFORM:USERID", help="谁说的，例如 wecom:zhangwei；不写则按系统身份理解")
@click.option("--now", help="按这个时刻理解（ISO 8601），默认为现在")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON")
@click.option("--lines", is_flag=True, help='从标准输入逐行读 {"text", "as", "now"}，每行回答一行 JSON')
def understand(text: str | None, who: str | None, now: str | None, as_json: bool, lines: bool) -> None:
    """说明一句话会被怎样理解、会做什么；只看不做。"""
    if (text is None) != lines:
        raise click.ClickException("请写一句话，例如 liaodan understand 跟进华为，或者用 --lines 从标准输入逐行读")
    with running() as program:
        if lines:
            _answer_lines(program, sys.stdin, who, now)
            return
        understood, names = read(program, text or "", who, now)
        click.echo(json.dumps(understood.as_json(), ensure_ascii=False) if as_json else explained(understood, names))


def read(program: Program, text: str, who: str | None, now: str | None) -> tuple[Understood, dict[str, str]]:
    """Understand one line in a unit of work that only reads; a refusal to read it becomes the question it asks."""
    from bot.asked import question_for
    from bot.context import Context
    from bot.event import Event, EventKind
    from bot.intents import INTENTS
    from bot.understanding.acts import Outcome
    from core.services.questions import open_question

    member, channel, user_id = _speaker(program, who)
    at = moment(now, program) or program.clock()
    event = Event(channel=channel, kind=EventKind.TEXT, key="understand", user_id=user_id, at=at, text=text)
    with program.open_work(member, now=at, channel=channel, reading=True) as uow:
        question = open_question(uow) if member.id else None
        try:
            ctx = Context(event, uow)
            understood = program.reader(ctx, text, question)
            if understood.missing and not understood.question:
                words, _ = question_for(ctx, understood.acts[0].intent, understood.missing[0])
                understood = replace(understood, question=words)
            if understood.outcome is Outcome.UNKNOWN:
                understood = program.desk.with_nearest(ctx, understood, text)
        except Refusal as refusal:
            understood = Understood(outcome=Outcome.ASK, question=str(refusal))
    return understood, INTENTS


def explained(understood: Understood, names: dict[str, str]) -> str:
    """Say in Chinese what would happen, and which words say so."""
    lines = [f"结果：{OUTCOMES[understood.outcome]}"]
    for number, act in enumerate(understood.acts, 1):
        lines.append(f"{number}. {names.get(act.intent, act.intent)}（{act.intent}）")
        said = {slot: words for words, slot in reversed(act.evidence)}
        for slot, value in act.slots.items():
            shown = "、".join(map(str, value)) if isinstance(value, list) else value
            because = f"　← 「{said[slot]}」" if said.get(slot) else ""
            lines.append(f"   {slot} = {shown}{because}")
    if understood.missing:
        lines.append(f"还缺：{'、'.join(understood.missing)}")
    lines += [f"   {number}) {label}" for number, (label, _) in enumerate(understood.choices, 1)]
    if understood.question or understood.reason:
        lines.append(f"回复：{understood.question or understood.reason}")
    if understood.guesses:
        lines.append(f"可能是：{'、'.join(names.get(guess, guess) for guess in understood.guesses)}")
    return "\n".join(lines)


def _answer_lines(program: Program, lines: Iterable[str], who: str | None, now: str | None) -> None:
    """Answer every line with one line; a bad one gets an error, and the command then ends with status 1."""
    bad = 0
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            given = _given(line)
            understood, _ = read(program, given["text"], given.get("as") or who, given.get("now") or now)
            answer = understood.as_json()
        except click.ClickException as error:
            answer, bad = {"error": f"第 {number} 行：{error.message}"}, bad + 1
        click.echo(json.dumps(answer, ensure_ascii=False))
    if bad:
        raise click.ClickException(f"有 {bad} 行没有读懂，原因写在对应的输出行里")


def _given(line: str) -> dict[str, Any]:
    if len(line) > LONGEST:
        raise click.ClickException(f"这一行超过 {LONGEST} 字")
    try:
        given = json.loads(line)
    except ValueError:
        raise click.ClickException('不是 JSON，请写成 {"text": "跟进华为", "as": "wecom:zhangwei"}') from None
    if not isinstance(given, dict) or not isinstance(given.get("text"), str):
        raise click.ClickException('缺少 text，请写成 {"text": "跟进华为", "as": "wecom:zhangwei"}')
    if not all(isinstance(given.get(name) or "", str) for name in ("as", "now")):
        raise click.ClickException("as 和 now 要写成文字")
    return given


def _speaker(program: Program, who: str | None) -> tuple[Member, str, str]:
    if who is None:
        return SYSTEM, "", ""
    channel, _, user_id = who.partition(":")
    if not channel or not user_id:
        raise click.ClickException(f"--as 要写成 平台:账号，例如 wecom:zhangwei，而不是「{who}」")
    with program.open_work(SYSTEM, reading=True) as uow:
        member = uow.members.known_as(channel, user_id)
    if member is None or not member.active:
        raise click.ClickException(f"没有账号为 {who} 的在职成员。用 liaodan members list 查看")
    return member, channel, user_id
