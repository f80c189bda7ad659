"""The same company twice: normalised phones and core names (semantics B.5)."""

import re
import unicodedata

from core.model.identity import Identity

_BRACKETS = re.compile(r"\([^()]*\)")
_ORGANISATION = re.compile(
    r"股份有限公司|有限责任公司|集团有限公司|有限公司|集团公司|分公司|子公司|公司|集团|股份|控股(?!份)|总部|办事处"
)
_TRADE = re.compile(
    r"信息技术|网络科技|电子商务|科技|技术|通讯|通信|信息|网络|实业|贸易|商贸|咨询|服务|发展|投资|文化|传媒|软件|数据|智能|电子|创新"
)
_REGION_WORDS = (
    "北京 上海 天津 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 "
    "山东 河南 湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 内蒙古 广西 "
    "西藏 宁夏 新疆 中国 深圳 广州 苏州 杭州 南京 宁波 无锡 常州 东莞 佛山 "
    "厦门 青岛 大连 成都 武汉 西安 长沙 郑州 合肥 福州 济南 珠海 中山 惠州 "
    "温州 嘉兴 绍兴 金华 台州 南通 扬州 徐州 烟台 沈阳 长春 哈尔滨 石家庄 "
    "太原 南昌 南宁 昆明 贵阳 海口 兰州 乌鲁木齐 呼和浩特 银川 西宁 拉萨 "
)
_REGIONS = tuple(sorted(_REGION_WORDS.split(), key=len, reverse=True))
_SHORTEST = 2
_UNSEEN = frozenset({"Cc", "Cf", "Mn"})
_WITHOUT_AREA = ("0", "1", "400", "800")


_CODE_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CODE_LENGTH = 18
_CODE_BASE = 31


def identity_of(
    name: str = "",
    *,
    phone: str | None = None,
    credit_code: str | None = None,
    email: str | None = None,
    external_id: str | None = None,
) -> Identity:
    """Fold what is known of somebody into the keys by which they are met again; what identifies nobody is left out."""
    return Identity(
        name=name.strip(),
        core=core_name(name) if name.strip() else "",
        phone=plain_phone(phone),
        credit_code=plain_credit_code(credit_code),
        email=plain_email(email),
        external_id=(external_id or "").strip() or None,
    )


def plain_name(name: str) -> str:
    """Fold width, case, brackets and blanks, so that spellings of one full name compare equal."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(c for c in folded if not c.isspace() and unicodedata.category(c) not in _UNSEEN)


def core_name(name: str) -> str:
    """Strip a company name to its brand: 华为技术（深圳）有限公司 → 华为. Never shorter than two characters."""
    plain = plain_name(name)
    body = _ORGANISATION.sub("", _BRACKETS.sub("", plain))
    body = _without_region(body)
    brand = _TRADE.sub("", body)
    for candidate in (brand, body, plain):
        if len(candidate) >= _SHORTEST:
            return candidate
    return plain


def plain_phone(phone: str | None) -> str | None:
    """Fold a phone to digits without the Chinese country code, so that spellings of one number compare equal.

    A number of fewer than seven digits identifies nobody and gives None.
    """
    if phone is None:
        return None
    digits = "".join(c for c in unicodedata.normalize("NFKC", phone) if c.isascii() and (c.isdigit() or c == "+"))
    bare = re.sub(r"^(\+86|0086|\+)", "", digits).replace("+", "")
    if len(bare) == 13 and bare.startswith("86"):  # noqa: PLR2004 - 86 and eleven digits
        bare = bare[2:]
    elif digits.startswith(("+86", "0086")) and not bare.startswith(_WITHOUT_AREA):
        bare = f"0{bare}"  # a landline loses its area code's 0 behind the country code
    return bare if len(bare) >= 7 else None  # noqa: PLR2004


def plain_email(email: str | None) -> str | None:
    """Fold an address to one width and case; what is none gives None."""
    folded = unicodedata.normalize("NFKC", email or "").strip().lower()
    name, _, house = folded.partition("@")
    return folded if name and "." in house else None


def plain_credit_code(code: str | None) -> str | None:
    """Fold a unified social credit code to one width and case; None when its check character is wrong (GB 32100)."""
    folded = "".join(unicodedata.normalize("NFKC", code or "").split()).upper()
    if len(folded) != _CODE_LENGTH or any(sign not in _CODE_SIGNS for sign in folded):
        return None
    values = [_CODE_SIGNS.index(sign) for sign in folded]
    total = sum(value * pow(3, place, _CODE_BASE) for place, value in enumerate(values[:-1]))
    return folded if (total + values[-1]) % _CODE_BASE == 0 else None


def mask_phone(phone: str | None) -> str:
    """Show the head and tail of a number only: 138****5678."""
    plain = plain_phone(phone)
    if plain is None:
        return ""
    return f"{plain[:3]}****{plain[-4:]}" if len(plain) >= 11 else f"{plain[:2]}****{plain[-2:]}"  # noqa: PLR2004


def mask_person(name: str) -> str:
    """Show a surname only: 王*."""
    return f"{name[:1]}*" if name else ""


def _without_region(body: str) -> str:
    shortened = True
    while shortened:
        shortened = False
        for region in _REGIONS:
            if body.startswith(region):
                rest = re.sub(r"^(省|市|自治区)", "", body[len(region) :])
                if len(rest) >= _SHORTEST:
                    body, shortened = rest, True
                    break
    return body
