"""Slots of sentences about contracts and money: which paper, which plan, how much of which currency, paid when."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Final

from bot.plan_words import spoken_ratio
from bot.understanding.acts import Outcome
from bot.understanding.numerals import read_numeral
from bot.understanding.sentence import AMOUNT, Piece, Sentence
from bot.understanding.slots.basics import plain, read_amount, read_customer
from bot.understanding.slots.draft import SEPARATORS, Draft
from bot.understanding.slots.moments import moment_of, times_in

_PAPER: Final = re.compile(r"(?<![A-Za-z0-9])(?:[Cc][1-9]\d{0,8}|[A-Za-z]{1,8}-?\d{8}-\d{3,})(?![A-Za-z0-9])")
_NUMBERED: Final = re.compile(r"(?<![A-Za-z0-9])(?P<number>[BbRr][1-9]\d{0,8})(?![A-Za-z0-9])")
_MINUS: Final = re.compile(r"(?:[-－–]|负)\s?[¥￥]?\s?$")
_PLAN: Final = re.compile(
    r"首付|首款|首期|预付|定金|订金|尾款|余款|质保金|进度款|发货款|验收款|第[一二三四五六七八九十\d]+[期笔]|[%％]|成(?=$|[，,、\s])"
    r"|分\s?[一二两三四五六七八九十\d]+\s?[期次]|(?<!\d)(?:3331|3331|532|541|343|433|55|37|73|442|361)(?!\d)"
)
_DEBTOR: Final = re.compile(
    r"^(?P<name>[一-龥A-Za-z]{2,20}?)(?:的|那边|现在|目前|一共|总共|到底)*(?:还?欠(?:我们|咱们)?(?:多少|几)|的应收)"
)
_NOBODY: Final = re.compile(
    r"[谁哪我咱他她它这那款账钱看查天周月季年]|客户|应收|逾期|合同|大家|所有|全部|现在|目前|一共|总共|多少|到底|还|请|帮"
)
_PART: Final = re.compile(
    r"首付款?|首款|首期款?|预付款?|定金|订金|尾款|余款|质保金|进度款|发货款|到货款|验收款|第[一二三四五六七八九][期笔]"
)
_OWN_PAYMENT: Final = re.compile(
    rf"(?:(?:一|另一|还有一|首|头|这)笔|(?:{_PART.pattern}))(?:款)?(?:是|收|到|付|回|打|了|：|:|\s)*$"
)
_ENDS: Final = re.compile(r"到期|为止|截止|有效期|期限|合同期|止")
_MANY_DAYS: Final = 6
"""A time of so many days more names no day on which money came."""

_WORDS: Final = {
    "ordinary": re.compile(r"普票|普通发票|增值税普"),
    "soon": re.compile(r"到期|快到|要到"),
    "way": re.compile(r"验收|发货|到货|交货"),
}


def read_paper(draft: Draft) -> None:
    """The contract by its number, else the customer whose it is."""
    found = _PAPER.search(draft.text)
    if found is None:
        read_customer(draft)
        return
    draft.used.append((draft.start + found.start(), draft.start + found.end()))
    draft.put("customer", found[0].upper(), found[0])


def read_debtor(draft: Draft) -> None:
    """Whose money is asked for, by a name that the asker does not know too, so that it is refused and not left out."""
    read_customer(draft)
    found = _DEBTOR.search(draft.text)
    if found is not None and not draft.slots.get("customer") and not _NOBODY.search(found["name"]):
        draft.put("customer", found["name"], found["name"])


def read_numbered(draft: Draft) -> None:
    """The number of a payment or an invoice."""
    found = _NUMBERED.search(draft.text)
    if found is not None:
        draft.used.append((draft.start + found.start(), draft.start + found.end()))
        draft.put("number", found["number"].upper(), found["number"])


def read_invoice_number(draft: Draft) -> None:
    """The number that is printed on an invoice."""
    found = re.search(r"(?<![A-Za-z0-9])(\d{8,20})(?!\d)", draft.text)
    if found is not None:
        draft.put("value", found[1], found[1])


def read_signed_amount(draft: Draft) -> Piece | None:
    """How much it is, below nothing where a minus stands before it, so that it can be refused; return where it stands."""
    read_amount(draft)
    said = draft.slots.get("amount")
    piece = next((one for one in draft.marked(AMOUNT) if plain(one.value.yuan) == said), None)
    if piece is not None and _MINUS.search(draft.sentence.text[draft.start : piece.start]):
        draft.slots["amount"] = f"-{said}"
    return piece


def read_contract_amount(draft: Draft) -> None:
    """What a contract is worth."""
    read_signed_amount(draft)


def read_paid_amount(draft: Draft) -> None:
    """How much was paid, and in which currency if not in yuan."""
    piece = read_signed_amount(draft)
    if piece is not None and piece.value.currency != "CNY":
        draft.put("currency", piece.value.currency, "")


def instalments_in(sentence: Sentence, start: int, end: int) -> list[Piece]:
    """The sums of which each is called a payment of its own: 一笔10万一笔8万, 首款5万，进度款3万."""
    text = sentence.text
    return [p for p in sentence.marked(AMOUNT, start, end) if _OWN_PAYMENT.search(text[start : p.start])]


def paid_part(draft: Draft, piece: Piece) -> Draft:
    """Let an act be about one of several sums that came."""
    draft.slots["amount"] = plain(piece.value.yuan)
    draft.slots.pop("what", None)
    hit = _PART.search(draft.sentence.text[max(draft.start, piece.start - 6) : piece.start])
    if hit is not None:
        draft.put("what", hit[0], hit[0])
    draft.used += [(one.start, one.end) for one in draft.marked(AMOUNT)]
    draft.be(Outcome.CONFIRM)
    return draft


def read_part(draft: Draft) -> None:
    """Which part of a payment plan the money is for."""
    found = _PART.search(draft.text)
    if found is not None:
        draft.put("what", found[0], found[0])


def read_paid_on(draft: Draft) -> None:
    """The day on which money came; one to come is kept as well, so that it can be refused."""
    now = draft.sentence.now
    for piece, span in times_in(draft, "past"):
        if (span.to - span.from_).days >= _MANY_DAYS and span.from_ <= now.date():
            draft.used.append((piece.start, piece.end))
            draft.ask("at", f"「{piece.words}」是哪一天到账的？请回复日期")
            return
        moment = moment_of(draft, span)
        if moment.date() == now.date() or (moment > now and moment - now < timedelta(hours=12) and span.at is None):
            moment = now.replace(second=0, microsecond=0)
        draft.put("at", moment.isoformat(), piece)
        return


def read_plan_words(draft: Draft) -> None:
    """The words of a payment plan."""
    if _PLAN.search(draft.text) is not None or spoken_ratio(draft.text):
        whole = draft.said(draft.start, draft.end)
        draft.put("content", whole, "")


def read_until(draft: Draft) -> None:
    """The last day of a contract, where the words speak of its end."""
    found = times_in(draft)
    if found and _ENDS.search(draft.text):
        draft.put("to", found[-1][1].to.isoformat(), found[-1][0])


def read_why(draft: Draft) -> None:
    """Why a contract is ended: what is left of the words."""
    pieces = [draft.sentence.line.said(start, end).strip(SEPARATORS) for start, end in draft.left()]
    words = "，".join(_CALLED.sub("", piece).strip(SEPARATORS) for piece in pieces)
    if words := words.strip("，"):
        draft.put("reason", words, words)


_CALLED: Final = re.compile(
    r"^(?:的|把|将|那个|这个|合同|提前|终止|解除|掉|了|吧|因为|由于|原因是?|[：:，\s])+|(?:的合同|合同|提前)$"
)


def read_ordinary(draft: Draft) -> None:
    """Which kind of invoice is asked for, if it is the ordinary one."""
    found = _WORDS["ordinary"].search(draft.text)
    if found is not None:
        draft.put("what", "普票", found[0])


def read_soon(draft: Draft) -> None:
    """Whether only those contracts are asked for that end soon."""
    found = _WORDS["soon"].search(draft.text)
    if found is not None:
        draft.put("what", "快到期", found[0])


def read_way(draft: Draft) -> None:
    """What of a contract has happened: 发货, 验收."""
    found = _WORDS["way"].search(draft.text)
    if found is not None:
        draft.put("what", found[0], found[0])


def read_title_words(draft: Draft) -> None:
    """Everything that is said of whom invoices are made out to."""
    draft.put("content", draft.said(draft.start, draft.end), "")


def read_filled_days(draft: Draft) -> None:
    """How many days an approver writes down: 账期核定45天."""
    hit = re.search(
        r"(?:账期|付款期)[^0-9一二两三四五六七八九十]{0,6}(\d{1,3}|[一二两三四五六七八九十]{1,3})\s?(?:天|日)",
        draft.text,
    )
    days = read_numeral(hit[1]) if hit is not None else None
    if hit is not None and days is not None:
        draft.put("payment_days", int(days), hit[0])


_MONTH, _WEEK = 30, 7
"""Days of credit in a month and in a week, as contracts count them."""


def read_payment_days(draft: Draft) -> None:
    """How many days the customer has to pay."""
    hit = re.search(
        r"(?:账期|付款期|月结|回款期|付款)\s?[:：]?(?:是|为|按|改成|改为|改到|改|调|压到|压缩到|缩短到|缩到|减到|控制在|控制到|不超过?|不能超过?|别超过?|不长于|不大于|不多于|以内|降到|放到|放宽到|只能给|最多给|最多|只能|给到?|要|定|调到|调成|到)*\s?(?P<days>\d{1,3}(?!\d)|[一二两三四五六七八九十]{1,3}|半(?=个?[月年]))\s?(?:天|日|(?P<months>个?半?月)|(?P<weeks>个?(?:周|星期|礼拜)))?|(?P<within>\d{1,3})\s?天(?:的)?(?:账期|内?付款|内?付清|内?回款|内?结清)",
        draft.text,
    )
    if hit is not None:
        days = read_numeral(hit["days"] or hit["within"]) if hit["days"] != "半" else Decimal("0.5")
        if days is not None:
            days *= _MONTH if hit["months"] else _WEEK if hit["weeks"] else 1
            days += _MONTH // 2 if "半月" in (hit["months"] or "") and hit["days"] != "半" else 0
            draft.put("payment_days", int(days), hit[0])
