"""Amounts in capitals, as contracts, quotes and invoices write them: 壹拾贰万叁仟元整."""

from core.model.money import Money

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
MOST_YUAN = 10**16


def in_capitals(money: Money) -> str:
    """Write an amount in capitals, to the 分. ValueError for ten quadrillion yuan and more."""
    fen = abs(money.fen)
    yuan, jiao, rest = fen // 100, fen // 10 % 10, fen % 10
    if yuan >= MOST_YUAN:
        raise ValueError("too much to be written in capitals")
    whole = f"{_whole(yuan)}元" if yuan else ""
    if not jiao and not rest:
        part = "整" if yuan else "零元整"
    elif not rest:
        part = f"{_DIGITS[jiao]}角整"
    else:
        part = (f"{_DIGITS[jiao]}角" if jiao else "零" if yuan else "") + f"{_DIGITS[rest]}分"
    return ("负" if money.fen < 0 else "") + whole + part


def _whole(yuan: int) -> str:
    """Write whole yuan: what is above a 亿 like a number of its own, and one 零 for any run of noughts in between."""
    for place, name in ((10**8, "亿"), (10**4, "万")):
        above, below = divmod(yuan, place)
        if above:
            joint = "零" if 0 < below < place // 10 else ""
            return _whole(above) + name + joint + (_whole(below) if below else "")
    return _group(yuan)


def _group(number: int) -> str:
    text, nought = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if nought and text else "") + _DIGITS[digit] + _PLACES[place]
        nought = not digit
    return text
