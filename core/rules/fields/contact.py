"""How somebody is reached, where they are, and the numbers that identify a company."""

import re
import unicodedata
from typing import Any, ClassVar, Final
from urllib.parse import urlsplit

from core.model.playbook.conditions import Scalar
from core.model.playbook.fields import FieldSpec
from core.rules.cells import one_line
from core.rules.duplicates import mask_phone, plain_phone
from core.rules.fields.kind import NO_NAMES, BadValue, Compared, FieldType, Names, Plain, Reading, folded
from core.rules.regions import lineage

_MAIL: Final = re.compile(r"[^\s@<>\"',;:()\[\]\\]{1,64}@[^\s@<>\"',;:()\[\]\\.]+(?:\.[^\s@<>\"',;:()\[\]\\.]+)+")
_LINK: Final = re.compile(
    r"(?:https?://)?(?:[a-z0-9\u4e00-\u9fff-]{1,63}\.)+[a-z\u4e00-\u9fff]{2,24}(?::\d{1,5})?(?:[/?#]\S*)?", re.I
)
_SPACES: Final = re.compile(r"[\s\-—_.]+")


class Phone(FieldType):
    """A phone number."""

    key = "phone"
    label = "电话"
    says = "电话号码，例如 13812345678 或 0512-88886666"
    sensitive = True

    def parse(self, words: str, spec: FieldSpec, reading: Reading) -> Any:
        bare = unicodedata.normalize("NFKC", words).strip()
        found = plain_phone(bare) if re.fullmatch(r"[\d\s()+\-]{7,24}", bare) else reading.phone(words)
        if found is None or len(found) > 20:  # noqa: PLR2004 - no number is longer
            raise BadValue(f"「{spec.label}」要写{self.says}，没看懂「{words[:30]}」")
        return found

    def plain(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Plain:
        return plain_phone(str(value)) or str(value)

    def operand(self, value: Scalar, spec: FieldSpec) -> Plain:
        return plain_phone(str(value)) or folded(str(value))

    def mask(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        return mask_phone(str(value)) or "***"


class Mail(FieldType):
    """A mail address."""

    key = "mail"
    label = "邮箱"
    says = "邮箱地址，例如 li@example.com"
    sensitive = True

    def parse(self, words: str, spec: FieldSpec, reading: Reading) -> Any:
        bare = unicodedata.normalize("NFKC", words).strip()
        if not _MAIL.fullmatch(bare) or len(bare) > 200:  # noqa: PLR2004 - as long as the column
            raise BadValue(f"「{spec.label}」要写{self.says}，没看懂「{words[:30]}」")
        return bare

    def mask(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        name, _, domain = str(value).partition("@")
        return f"{name[:1]}***@{domain}"


class Region(FieldType):
    """A region; 苏州 answers to 江苏 and 华东 too."""

    key = "region"
    label = "地区"
    says = "地区，例如 江苏苏州"
    compared = Compared.WORDS

    def parse(self, words: str, spec: FieldSpec, reading: Reading) -> Any:
        text = one_line(words)
        if len(text) > 64:  # noqa: PLR2004 - as long as the column
            raise BadValue(f"「{spec.label}」要写{self.says}，请改短后再发一次")
        return text

    def plain(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Plain:
        return lineage(str(value))

    def operand(self, value: Scalar, spec: FieldSpec) -> Plain:
        return lineage(str(value))[0]


class Address(FieldType):
    """A postal address."""

    key = "address"
    label = "地址"
    says = "地址"
    sensitive = True

    def parse(self, words: str, spec: FieldSpec, reading: Reading) -> Any:
        text = one_line(words)
        if len(text) > 300:  # noqa: PLR2004 - no address is longer
            raise BadValue(f"「{spec.label}」最多 300 个字，请改短后再发一次")
        return text

    def mask(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        return f"{str(value)[:6]}***"


class Link(FieldType):
    """A page on the web. Nothing but http and https is one."""

    key = "link"
    label = "网址"
    says = "网址，例如 https://example.com"

    def parse(self, words: str, spec: FieldSpec, reading: Reading) -> Any:
        bare = unicodedata.normalize("NFKC", words).strip()
        if not _LINK.fullmatch(bare) or len(bare) > 500 or not _can_be_split(bare):  # noqa: PLR2004 - a page's address
            raise BadValue(f"「{spec.label}」要写{self.says}，没看懂「{words[:30]}」")
        return bare if "://" in bare[:8] else f"https://{bare}"


class Coded(FieldType):
    """A number with an inner check, written without blanks."""

    form: ClassVar[re.Pattern[str]]
    sensitive = True

    def parse(self, words: str, spec: FieldSpec, reading: Reading) -> Any:
        code = _SPACES.sub("", unicodedata.normalize("NFKC", words)).upper()
        if not self.form.fullmatch(code):
            raise BadValue(f"「{spec.label}」要写{self.says}，没看懂「{words[:30]}」")
        if not self.holds(code):
            raise BadValue(f"「{spec.label}」{words[:30]} 校验不通过，多半抄错了一位，请核对后再发一次")
        return code

    def holds(self, code: str) -> bool:
        """Say whether the inner check is right."""
        raise NotImplementedError

    def plain(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Plain:
        return _SPACES.sub("", str(value)).upper()

    def operand(self, value: Scalar, spec: FieldSpec) -> Plain:
        return _SPACES.sub("", unicodedata.normalize("NFKC", str(value))).upper()

    def mask(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        return f"{str(value)[:2]}****{str(value)[-4:]}"


class CreditCode(Coded):
    """A company's unified social credit code (GB 32100): 17 signs and one that checks them."""

    key = "credit_code"
    label = "统一社会信用代码"
    says = "18 位统一社会信用代码"
    sensitive = False
    form = re.compile(r"[0-9A-HJ-NP-RTUW-Y]{18}")
    _SIGNS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    _WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)

    def holds(self, code: str) -> bool:
        total = sum(self._SIGNS.index(sign) * weight for sign, weight in zip(code, self._WEIGHTS, strict=False))
        return self._SIGNS[(31 - total % 31) % 31] == code[-1]


class BankAccount(Coded):
    """A bank account or card; cards of 16 and 19 digits carry Luhn's check, other accounts none."""

    key = "bank_account"
    label = "银行账号"
    says = "银行账号，8 到 30 位数字"
    form = re.compile(r"\d{8,30}")

    def holds(self, code: str) -> bool:
        if len(code) not in (16, 19) or not code.startswith(("4", "5", "62")):
            return True
        digits = [int(sign) for sign in reversed(code)]
        doubled = (2 * digit - 9 * (digit > 4) for digit in digits[1::2])  # noqa: PLR2004 - Luhn: two digits become one
        return (sum(digits[::2]) + sum(doubled)) % 10 == 0

    def show(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        return " ".join(str(value)[at : at + 4] for at in range(0, len(str(value)), 4))

    def export(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        return str(value)

    def mask(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        return f"**** {str(value)[-4:]}"


class IdCard(Coded):
    """A resident's identity number (GB 11643)."""

    key = "id_card"
    label = "身份证号"
    says = "18 位身份证号"
    form = re.compile(r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dX]")

    def holds(self, code: str) -> bool:
        total = sum(int(sign) * (2 ** (17 - place) % 11) for place, sign in enumerate(code[:17]))
        return "10X98765432"[total % 11] == code[-1]

    def mask(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        return f"{str(value)[:3]}***********{str(value)[-4:]}"


class Plate(FieldType):
    """A vehicle's plate."""

    key = "plate"
    label = "车牌号"
    says = "车牌号，例如 苏E·12345"

    def parse(self, words: str, spec: FieldSpec, reading: Reading) -> Any:
        bare = re.sub(r"[\s·•.-]", "", unicodedata.normalize("NFKC", words)).upper()
        if not re.fullmatch(r"[\u4e00-\u9fff][A-Z][A-Z0-9]{4,5}[A-Z0-9\u4e00-\u9fff]", bare):
            raise BadValue(f"「{spec.label}」要写{self.says}，没看懂「{words[:30]}」")
        return bare


class Attachment(FieldType):
    """Files that were sent, each with its name and the id under which the platform keeps it, or a link."""

    key = "attachment"
    label = "附件"
    says = "文件，或文件的网址"
    compared = Compared.NOTHING
    many = True
    result = "nothing"
    takes = frozenset({"max"})
    noun: ClassVar[str] = "个文件"

    def parse(self, words: str, spec: FieldSpec, reading: Reading) -> Any:
        kept = []
        for line in words.split():
            bare = unicodedata.normalize("NFKC", line)
            if not _LINK.fullmatch(bare) or len(bare) > 500 or not _can_be_split(bare):  # noqa: PLR2004 - an address
                raise BadValue(f"「{spec.label}」要发{self.says}，没看懂「{line[:30]}」")
            url = bare if "://" in bare[:8] else f"https://{bare}"
            kept.append({"name": urlsplit(url).path.rsplit("/", 1)[-1][:100] or url[:100], "url": url})
        if isinstance(spec.maximum, int) and len(kept) > spec.maximum:
            raise BadValue(f"「{spec.label}」最多 {spec.maximum} {self.noun}，请减少后再发一次")
        return kept or None

    def show(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        return "\n".join(one["url"] if one.get("url") else one["name"] for one in value)

    def brief(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> str:
        return f"{len(value)} {self.noun}"

    def plain(self, value: Any, spec: FieldSpec, names: Names = NO_NAMES) -> Plain:
        return bool(value)

    def key_of(self, value: Any, spec: FieldSpec) -> tuple[str, ...]:
        return ()


class Picture(Attachment):
    """Pictures."""

    key = "picture"
    label = "图片"
    says = "图片，或图片的网址"
    noun = "张图片"


def _can_be_split(address: str) -> bool:
    try:
        return bool(urlsplit(address if "://" in address else f"https://{address}").hostname)
    except ValueError:
        return False
