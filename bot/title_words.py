"""Whom an invoice is made out to, as people write it: 抬头 …，税号 …，开户行 …，账号 …，地址 …，电话 …."""

import re
from typing import Final

from core.services.invoices import TitleWords

_LABELS: Final = {
    "title": r"(?:发票|开票)?(?:抬头|名称|单位名称|公司名称)",
    "tax_number": r"(?:纳税人识别号|纳税识别号|统一社会信用代码|信用代码|税务登记号|税号)",
    "bank_account": r"(?:银行账号|银行帐号|账号|帐号|账户)",
    "bank": r"(?:开户行及账号|开户银行|开户行|银行)",
    "address": r"(?:注册地址|单位地址|公司地址|地址及电话|地址电话|地址)",
    "phone": r"(?:注册电话|单位电话|联系电话|电话)",
}
_LABEL: Final = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _LABELS.items()))
_EDGES: Final = " \t\n，,、；;。：:是为"
_BARE_NUMBER: Final = re.compile(
    r"(?<![0-9A-Z])(?:[0-9A-HJ-NP-RT-UW-Y]{18}|[0-9]{15}|[0-9]{20})(?![0-9A-Z])", re.IGNORECASE
)


def read_title(text: str) -> TitleWords:
    """Read what stands behind each label; a number that looks like a tax number needs none."""
    found = list(_LABEL.finditer(text))
    said: dict[str, str] = {}
    for hit, following in zip(found, [*found[1:], None], strict=True):
        name = hit.lastgroup or ""
        words = text[hit.end() : following.start() if following is not None else len(text)].strip(_EDGES)
        if words and name not in said:
            said[name] = words
    if "tax_number" not in said and (bare := _BARE_NUMBER.search(text)) is not None:
        said["tax_number"] = bare[0]
    return TitleWords(**said)
