"""Reads Chinese phone numbers, and foreign ones written with +, out of a text or a spreadsheet cell."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from bot.understanding.text import fold, normalise

_GAP: Final = r"[ -]?"
_CANDIDATE = re.compile(
    r"(?<![\dA-Za-z.+])(?:"
    rf"[48]00{_GAP}\d{{3}}{_GAP}\d{{4}}|[48]00{_GAP}\d{{4}}{_GAP}\d{{3}}"
    rf"|(?:\+?\(?(?:00)?86\)?{_GAP})?1[3-9]\d(?:{_GAP}\d){{8}}"
    rf"|(?:\+?\(?(?:00)?86\)?{_GAP})?\(?(?P<area>0?[1-9]\d{{1,2}})\)?{_GAP}[2-9]\d{{2,3}}{_GAP}\d{{4}}"
    r"|\+(?!86)[1-9]\d{0,2}(?:[ -]?\d){6,12}"
    r")(?!\d)(?!\.\d)"
)
_EXTENSION = re.compile(r"\s?(?:转|分机|ext\.?|-)\s?(?P<extension>\d{1,6})(?!\d)", re.IGNORECASE)
_CELL_LABEL = re.compile(r"^(?:电话|手机|联系电话|联系方式|tel|phone|mobile)?\s*号?码?\s*[:：]?\s*'?", re.IGNORECASE)
_CHINA: Final = 86
MAY_HOLD_A_PHONE: Final = re.compile(r"(?:\d[ -]?){7}")
"""Digits without which no number need be looked for."""


@dataclass(frozen=True, slots=True)
class PhoneSpan:
    """A valid number and the words that said it: `number` as +8613812345678, `display` as people read it."""

    start: int
    end: int
    words: str
    number: str
    display: str


def find_phones(text: str) -> list[PhoneSpan]:
    """Find the valid phone numbers in `text`; an extension is kept in `words` and `display`, not in `number`."""
    folded = fold(text)
    found: list[PhoneSpan] = []
    place = 0
    while match := _CANDIDATE.search(folded, place):
        place = match.end()
        read = None if _lacks_zero(match) else _read(match[0])
        if read is None:
            continue
        number, display = read
        extension = None if number.startswith("+861") else _EXTENSION.match(folded, place)
        if extension:
            place, display = extension.end(), f"{display} 转 {extension['extension']}"
        found.append(PhoneSpan(match.start(), place, text[match.start() : place], number, display))
    return found


def read_phone(value: str | float | Decimal | None) -> str | None:
    """Read the one phone number in a spreadsheet cell as +8613812345678; None when there is none or more than one.

    A number that the spreadsheet rounded (1.38E+10) is refused, because its last digits are lost.
    """
    if value is None or isinstance(value, bool):
        return None
    written = (
        fold(normalise(value)) if isinstance(value, str) else repr(value) if isinstance(value, float) else str(value)
    )
    digits = _spreadsheet_digits(written)
    if digits is not None:
        read = _read(digits) or (_read("0" + digits) if not isinstance(value, str) else None)
        return None if read is None else read[0]
    label = _CELL_LABEL.match(written)
    rest = written[label.end() if label else 0 :].strip()
    found = find_phones(rest)
    return found[0].number if len(found) == 1 and found[0].words == rest else None


def _lacks_zero(match: re.Match[str]) -> bool:
    """Say whether this looks like a landline without the 0 of its area code, which any other number may look like."""
    area = match["area"]
    return area is not None and not area.startswith("0") and "86" not in match[0][:5]


def _read(written: str) -> tuple[str, str] | None:
    """Validate a number and give it in both forms."""
    import phonenumbers

    plain = re.sub(r"^(?:00|\+)?\(?86\)?(?=\D*\d{10})|^\+\(?(?:00)?86\)?", "+86", re.sub(r"[ ()-]", "", written))
    try:
        number = phonenumbers.parse(plain, "CN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    home = number.country_code == phonenumbers.country_code_for_region("CN")
    style = phonenumbers.PhoneNumberFormat.NATIONAL if home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164), phonenumbers.format_number(
        number, style
    )


def _spreadsheet_digits(written: str) -> str | None:
    """Read the whole digits of a bare number such as 13812345678.0 or 1.3812345678E10; None for anything else."""
    if not re.fullmatch(r"\d{7,15}(?:\.0+)?|\d\.\d{1,14}[eE]\+?\d{1,2}", written):
        return None
    try:
        value = Decimal(written)
    except InvalidOperation:
        return None
    is_rounded = "E" in written.upper() and len(value.as_tuple().digits) < value.adjusted() + 1
    if is_rounded or value != value.to_integral_value():
        return None
    return written if written.startswith("0") else str(int(value))
