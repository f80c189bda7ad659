"""How much is understood of our own sentences, of the product's examples and of other talk, and what a line costs.

Every sentence of the corpus is judged by intent and slot, with what is taken for what; `python -m bench.meaning`
prints the whole tables, and the 128 examples row by row. Nothing of the noise, whoever says it, may come to a write.
Of the listed companies as customers every full name, short name and part that is one company's own is to be found, and
one that several have is to be asked.
"""

import csv
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

from bench.corpus import Score, rows
from bench.harness import Row, Scale
from bot.context import Context
from bot.event import Event, EventKind
from bot.understanding.acts import Outcome
from bot.understanding.entities import Finder
from bot.understanding.grammar import BY_NAME
from core.model.customer import Account
from core.rules.naming import parts_of
from tests.understanding.company import Company
from tests.world import START, World

_Line = TypeVar("_Line")
TESTS = Path(__file__).parent.parent / "tests" / "understanding"
CORPUS = TESTS / "corpus"
DATA = Path(__file__).parents[1] / "../shared/data"
"""Real files beside the project; where they are absent their rows are left out."""

NOISE = "text/smp2017_ecdt_domain.jsonl"
LISTED = "names/listed_companies_even.csv"
ROLES = {
    "rep": "张伟", "manager": "王强", "director": "赵敏", "finance": "陈静", "legal": "刘洋", "marketing": "周婷",
    "admin": "吴昊", "service": "马师傅",
}  # fmt: skip
LINES_A_SECOND_OF_SCALE, COMPANIES_A_SECOND_OF_SCALE = 1_000, 700


def run(scale: Scale) -> Iterator[Row]:
    """Read every sentence of the corpus; a wrong one costs three right ones."""
    company = Company(Finder())
    yield from _corpus(company, scale)
    yield from _phrases(company)
    yield from _noise(company, scale)
    yield from _names(scale)


def _corpus(company: Company, scale: Scale) -> Iterator[Row]:
    score, spent = Score(), []
    for _, row in _some(list(rows(CORPUS)), scale):
        begun = time.process_time()
        got = company.understands(row["text"], row.get("by", "张伟")).as_json()
        spent.append((time.process_time() - begun) * 1000)
        score.add(row, got)
    total = sum(score.verdicts.values())
    yield _row(f"right of {total} sentences", 100 * score.verdicts["right"] / total, at_least=95)
    yield _row("wrong", 100 * score.verdicts["wrong"] / total, at_most=1)
    for intent, came in sorted(score.by_intent.items()):
        if came["right"] < came.total():
            yield _row(f"intent {intent}, of {came.total()}", 100 * came["right"] / came.total(), at_least=95)
    named = [name for name in score.by_intent if name in BY_NAME]
    whole = sum(score.by_intent[name]["right"] == score.by_intent[name].total() for name in named)
    yield _row(f"intents without a miss, of {len(named)}", 100 * whole / len(named))
    for slot, count in sorted(score.slots_all.items()):
        yield _row(f"slot {slot}, of {count}", 100 * score.slots_right[slot] / count, at_least=95)
    for (meant, read), times in score.confusions.most_common(20):
        yield Row(bench="meaning", what=f"{meant} read as {read}", unit="times", ours=[times])
    spent.sort()
    slow = spent[int(len(spent) * 0.95)]
    yield Row(bench="meaning", what=f"a line, p95, {scale.name}", unit="ms CPU", ours=[slow], at_most=20)


def phrases(company: Company) -> Iterator[tuple[str, str, str]]:
    """Yield every row of the product's examples: its number, how it came out, and what was different."""
    score = Score()
    for row in json.loads((TESTS / "phrases.json").read_text(encoding="utf-8")):
        verdict = score.add(row, company.understands(row["text"], row.get("by", "张伟")).as_json())
        yield row["id"], verdict.verdict, verdict.difference


def _phrases(company: Company) -> Iterator[Row]:
    came = list(phrases(company))
    counted = Counter(verdict for _, verdict, _ in came)
    for verdict in ("right", "asked", "unknown", "wrong"):
        yield Row(bench="meaning", what=f"examples: {verdict}, of {len(came)}", unit="rows", ours=[counted[verdict]])


def _some(everything: Sequence[_Line], scale: Scale) -> Sequence[_Line]:
    """Take as many, from all places, as the scale has time for."""
    return everything[:: max(1, round(len(everything) / (scale.seconds * LINES_A_SECOND_OF_SCALE)))]


def _noise(company: Company, scale: Scale) -> Iterator[Row]:
    """Ask lines about other things as somebody of every role; without the data there is nothing to say."""
    path = DATA / NOISE
    if not path.is_file():
        return
    lines = [json.loads(line)["text"] for line in path.read_text("utf-8").splitlines()]
    some = _some(lines, scale)
    for role, name in ROLES.items():
        written = sum(writes(company, text, name) for text in some)
        yield Row(bench="meaning", what=f"noise: writes, {role}, {len(some)} lines", unit="", ours=[written], at_most=0)


def writes(company: Company, text: str, name: str) -> bool:
    """Say whether a line would write something, or shows what it would write."""
    understood = company.understands(text, name)
    doing = understood.outcome in (Outcome.DO, Outcome.CONFIRM)
    return doing and any(BY_NAME[act.intent].writes for act in understood.acts)


def _names(scale: Scale) -> Iterator[Row]:
    """Put listed companies on record and name them in sentences, in full, in short and by their brand."""
    path = DATA / LISTED
    if not path.is_file():
        return
    with path.open(encoding="utf-8") as file:
        listed = [(row["full_name"], row["short_name"]) for row in csv.DictReader(file) if row["quality"] == "ok"]
    listed = listed[: max(int(scale.seconds * COMPANIES_A_SECOND_OF_SCALE), 50)]
    brands = Counter(parts_of(name).brand for name, _ in listed)
    shorts = Counter(short for _, short in listed)
    world = World()
    with world.work("张伟") as uow:
        for name, short in listed:
            uow.accounts.add(
                Account(name=name, short_name=short, owner_id=uow.actor.id, created_at=uow.now, updated_at=uow.now)
            )
    said = {
        "full names found": [(name, name) for name, _ in listed],
        "short names found": [(short, name) for name, short in listed if shorts[short] == 1],
        "brands of one company found": [
            (brand, name) for name, _ in listed if (brand := parts_of(name).brand) and brands[brand] == 1
        ],
        "brands of several asked": [
            (brand, name) for name, _ in listed if (brand := parts_of(name).brand) and brands[brand] > 1
        ],
    }
    for what, pairs in said.items():
        came = [_candidates(world, words) for words, _ in pairs]
        several = what.endswith("asked")
        right = sum(
            name in found and (len(found) > 1 or not several) for (_, name), found in zip(pairs, came, strict=True)
        )
        yield _row(f"{what}, of {len(pairs)}", 100 * right / max(len(pairs), 1), at_least=95)
    world.close()


def _candidates(world: World, words: str) -> list[str]:
    """Return the customers that a sentence with these words may mean."""
    text = f"跟进 {words} 电话聊了报价"
    event = Event(channel="wecom", kind=EventKind.TEXT, key="x", user_id=world.ids["张伟"], at=START, text=text)
    with world.program.open_work(world.member("张伟"), reading=True) as uow:
        found = Finder()(Context(event, uow), text)
    return [one.name for mention in found if mention.kind == "customer" for one in mention.candidates]


def _row(what: str, share: float, **goal: float) -> Row:
    return Row(bench="meaning", what=what, unit="%", ours=[share], **goal)


def print_tables() -> None:
    """Print the corpus by intent and by slot, what was taken for what, and the product's examples row by row."""
    company = Company(Finder())
    score = Score()
    for _, row in rows(CORPUS):
        score.add(row, company.understands(row["text"], row.get("by", "张伟")).as_json())
    _print(f"The corpus by intent ({sum(score.verdicts.values())} sentences)", _by_intent(score))
    _print("The corpus by slot", _by_slot(score))
    _print(
        "What was taken for what", [f"{m:28} {r:28} {n}" for (m, r), n in score.confusions.most_common()] or ["none"]
    )
    _print("What was not right", [f"{row['text']}  {verdict.difference}" for row, verdict in score.misses] or ["none"])
    came = list(phrases(company))
    texts = {row["id"]: row["text"] for row in json.loads((TESTS / "phrases.json").read_text(encoding="utf-8"))}
    counted = Counter(verdict for _, verdict, _ in came)
    _print(
        f"The product's examples ({len(came)}: {'  '.join(f'{one} {counted[one]}' for one in _VERDICTS)})",
        [f"{number:6} {verdict:8} {texts[number]}  {difference}".rstrip() for number, verdict, difference in came],
    )


_VERDICTS = ("right", "asked", "unknown", "wrong")


def _by_intent(score: Score) -> list[str]:
    head = f"{'intent':24}" + "".join(f"{one:>9}" for one in ("all", *_VERDICTS, "% right"))
    lines = [
        f"{intent:24}{came.total():9}"
        + "".join(f"{came[one] or '':>9}" for one in _VERDICTS)
        + f"{100 * came['right'] / came.total():9.1f}"
        for intent, came in sorted(score.by_intent.items())
    ]
    whole = score.verdicts
    total = f"{'all':24}{whole.total():9}" + "".join(f"{whole[one] or '':>9}" for one in _VERDICTS)
    return [head, *lines, f"{total}{100 * whole['right'] / whole.total():9.1f}"]


def _by_slot(score: Score) -> list[str]:
    head = f"{'slot':24}{'all':>9}{'right':>9}{'% right':>9}"
    return [
        head,
        *(
            f"{slot:24}{count:9}{score.slots_right[slot]:9}{100 * score.slots_right[slot] / count:9.1f}"
            for slot, count in sorted(score.slots_all.items())
        ),
    ]


def _print(title: str, lines: Sequence[str]) -> None:
    sys.stdout.write("\n".join([title, "=" * len(title), *lines, "", ""]))


if __name__ == "__main__":
    print_tables()
