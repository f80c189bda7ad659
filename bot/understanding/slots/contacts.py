"""A contact person with numbers, as they are added to a customer."""

import re
from typing import Final

from bot.understanding.people import find_people, is_full_name
from bot.understanding.sentence import CONTACT, CUSTOMER, EMAIL, PHONE, Piece
from bot.understanding.slots.basics import read_email, read_phone
from bot.understanding.slots.draft import Draft, mentioned

_CALLED: Final = re.compile(r"(?:叫|名叫|姓名[是：:]?)\s?([一-龥]{2,4})(?=[\s,，。;；]|电话|手机|微信|邮箱|\d|$)")


_SURNAMED: Final = re.compile(r"(?<![贵尊百同])姓\s?([一-龥])(?![名氏])")
_POSITION: Final = re.compile(
    "副?(?:总经理|厂长|总监|经理|主任|部长|主管|科长|处长|院长|校长|总工|工程师|会计|老板|总)"
)


def read_contact_card(draft: Draft) -> None:
    """A contact person with numbers, and the customer they belong to."""
    text = draft.sentence.text
    found = draft.marked(CUSTOMER)
    if found:
        mentioned(draft, "customer", found[0])
    _read_beside_number(draft)
    for piece in _nearest_first(draft):
        refs = [one.ref for one in piece.value.candidates]
        draft.put("contact", piece.words, piece, refs[0] if len(refs) == 1 and refs[0].startswith("contact:") else "")
        if not found:
            mentioned(draft, "customer", piece)
    read_phone(draft)
    read_email(draft)
    if "contact" in draft.slots:
        return
    for person in find_people(text):
        if (
            draft.start <= person.start
            and person.end <= draft.end
            and not any(p.start < person.end and person.start < p.end for p in found)
        ):
            draft.put("contact", person.name, person.name)
            return
    if surname := _SURNAMED.search(text, draft.start, draft.end):
        title = _POSITION.search(text, draft.start, surname.start())
        draft.put("contact", surname[1] + (title[0] if title else ""), surname[0])
        return
    if (called := _CALLED.search(text, draft.start, draft.end)) and is_full_name(called[1]):
        draft.put("contact", called[1], called[1])
        return
    for start, end in draft.left():
        words = re.sub(
            r"(?:电话|手机|手机号|号码|邮箱|微信|的|是|加|：)+$|^(?:的|联系人|叫|是|给|加)+", "", text[start:end]
        )
        if is_full_name(words) or (re.fullmatch(r"[一-龥]{2,3}", words) and is_full_name(words)):
            draft.put("contact", words, words)
            return


def _nearest_first(draft: Draft) -> list[Piece]:
    """Persons on record, whoever stands right in front of a number first: 谭勇不干了，现在找小谭 18800001234."""
    people = draft.marked(CONTACT)
    numbers = [*draft.marked(PHONE), *draft.marked(EMAIL)]
    before = [piece for piece in people if numbers and piece.end <= numbers[0].start]
    return [*before[-1:], *(piece for piece in people if piece not in before[-1:])]


def _read_beside_number(draft: Draft) -> None:
    """Whoever is named right in front of a number, though somebody of theirs was named before: 孟总助理小周 电话."""
    text = draft.sentence.text
    taken = [(p.start, p.end) for p in draft.sentence.pieces if p.mark in (CONTACT, CUSTOMER)]
    for piece in draft.marked(PHONE) + draft.marked(EMAIL):
        beside = _BESIDE_A_NUMBER.search(text, draft.start, piece.start)
        if beside is None:
            continue
        for length in (3, 2):
            name, start = beside["name"][-length:], beside.end("name") - length
            if any(s < beside.end("name") and start < e for s, e in taken):
                continue
            if is_full_name(name) or any(person.name == name for person in find_people(name)):
                draft.put("contact", name, name)
                return


_BESIDE_A_NUMBER: Final = re.compile(
    r"(?P<name>[一-龥]{2,12}?)(?:的)?\s*(?:电话|手机号?|微信|邮箱|号码)?(?:是|为|：|:)?\s*$"
)
