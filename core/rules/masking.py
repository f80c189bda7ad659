"""Numbers that a reader has no right to, inside free text."""

import re

from core.rules.duplicates import mask_phone

_WIDE_DIGITS = str.maketrans("０１２３４５６７８９－＋", "0123456789-+")
_GAP = r"[-\s]?"
_PHONE = re.compile(
    rf"(?<![0-9])(?:"
    rf"(?:\+?86{_GAP})?1[3-9][0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}"  # a mobile
    rf"|0[0-9]{{2,3}}{_GAP}[0-9]{{7,8}}"  # a line with its area
    rf"|[48]00{_GAP}[0-9]{{3}}{_GAP}[0-9]{{4}}"  # a service number
    rf")(?![0-9])"
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]+")


def hide_numbers(text: str) -> str:
    """Mask phone numbers and mail addresses in `text`; the rest stays as it is."""
    plain = text.translate(_WIDE_DIGITS)
    if _PHONE.search(plain):
        text = _PHONE.sub(lambda found: mask_phone(found[0]), plain)
    return _EMAIL.sub("***", text)
