"""A chart in chat: its numbers as words on the card, the picture behind it."""

from dataclasses import replace

from bot.cards.card import Button, Card
from core.model.chart import Chart
from core.model.enclosure import Enclosure
from core.rules.charts import chart_words


def chart_card(chart: Chart, buttons: tuple[Button, ...] = ()) -> Card:
    """Return a card that is nothing but a chart."""
    return with_chart(Card(title=chart.title, subtitle=chart.subtitle, buttons=buttons), chart)


def with_chart(card: Card, chart: Chart) -> Card:
    """Return `card` with the chart's numbers below its words and the picture behind it."""
    words = "\n".join(part for part in (card.text, chart_words(chart)) if part)
    return replace(card, text=words, encloses=(*card.encloses, Enclosure(chart=chart)))
