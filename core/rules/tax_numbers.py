"""Tax numbers: can a number be one, by its length and by the sign that checks it?"""

import re
import unicodedata

from core.rules.duplicates import plain_credit_code

_FORMER = re.compile(r"[0-9]{15}|[0-9]{20}", re.ASCII)
"""What tax registrations were numbered with before there were unified codes; neither has a sign that checks it."""

_PERSON = re.compile(r"[1-9][0-9]{5}(?:19|20)[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9X]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"


def plain_tax_number(words: str) -> str | None:
    """Return a tax number as it stands on invoices; None for what cannot be one.

    It is a unified social credit code (GB 32100), the number of the person who is a private firm (GB 11643), or one of
    the former registrations. The first two are checked by their last sign.
    """
    text = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", words)).upper()
    if (code := plain_credit_code(text)) is not None:
        return code
    if _PERSON.fullmatch(text):
        total = sum(int(sign) * weight for sign, weight in zip(text[:17], _WEIGHTS, strict=True))
        return text if _CHECKS[total % 11] == text[17] else None
    return text if _FORMER.fullmatch(text) else None
