"""What is missing of a customer: shown, and asked for one field at a time while one follows up."""

from dataclasses import replace

from bot.answers import BLANK
from bot.cards.basics import question_card
from bot.cards.card import Card
from bot.cards.completeness import overview_card
from bot.cards.fields import field_set_card
from bot.cards.grading import graded_card
from bot.context import Context
from bot.router import Router
from bot.understanding.values import reading
from bot.understanding.words import load_words
from core.model.member import LEADING
from core.model.messages import QuestionKind
from core.rules.fields.catalogue import catalogue_of
from core.rules.fields.field import Field
from core.rules.permissions import may_open_pool, require
from core.services.completeness import FILL, overview, to_be_asked
from core.services.customers import Customer, require_own
from core.services.fields.values import question_about, write_field
from core.services.grading import set_grade
from core.services.questions import ask

router = Router()

SKIP = "先跳过"
CHOICES, MOST_BUTTONS = 4, 6
_NO_VALUE = frozenset(load_words("courtesies")["courtesies"]) | {SKIP, "跳过", "不知道", "以后再说"}


@router.command("completeness.show", "资料完整度", "完整度")
def show(ctx: Context) -> Card:
    """资料完整度：自己（主管含团队）的客户资料填了多少、每周的变化、还缺什么"""
    require(may_open_pool(ctx.member), "查看资料完整度")
    return overview_card(overview(ctx.uow), team=ctx.member.is_any(LEADING))


@router.button(FILL)
def fill(ctx: Context, customer: Customer, field: str, blank: str) -> Card:
    """Fill in the field that was asked for; what is no value leaves it open."""
    if blank.strip() in _NO_VALUE:
        return Card(title=f"好的，{customer.name}的{field}先不填")
    if field == _label(ctx, customer, "grade"):
        return graded_card(ctx.uow, customer, set_grade(ctx.uow, customer, blank))
    require_own(ctx.uow, customer)
    written = write_field(ctx.uow, customer, field, blank, reading(ctx))
    return field_set_card(customer.name, [written], ctx.uow.command)


def with_missing(ctx: Context, about: Customer, card: Card) -> Card:
    """Ask below a card for one field that is still missing, if the day's question about this customer is not spent."""
    field = to_be_asked(ctx.uow, about)
    if field is None:
        return card
    words, choices = _question(ctx, field)
    if choices:
        choices = (*choices[:CHOICES], (SKIP, SKIP))
    slots = {"customer": str(about.ref), "field": field.label}
    question = ask(ctx.uow, FILL, BLANK, slots, choices, kind=QuestionKind.OFFER, words=words)
    asked = question_card(words, question)
    room = MOST_BUTTONS - len(card.buttons)
    return replace(
        card,
        text="\n".join(part for part in (card.text, f"顺便补一项：{words}") if part),
        buttons=(*card.buttons, *asked.buttons[:room]),
    )


def _question(ctx: Context, field: Field) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the words that ask for a field, and what may be chosen: the company's own words for grade and source."""
    words, choices = question_about(field)
    own = {"grade": ctx.uow.playbook.grades, "source": ctx.uow.playbook.sources}.get(field.key)
    if own is not None and own.words:
        return f"{field.label}是？", tuple((one.name, one.name) for one in own.words)
    return words, choices


def _label(ctx: Context, about: Customer, key: str) -> str:
    return catalogue_of(ctx.uow.playbook, about.ref.kind).by_key[key].label
