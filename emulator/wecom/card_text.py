"""How much of a card's text fits on the screen: longer strings are shown with "…" (§3.3, characters)."""

from typing import Any

from emulator.store import Json

# Path in the card → most characters; a list along the path is walked through.
WIDTHS: tuple[tuple[tuple[str, ...], int], ...] = (
    (("source", "desc"), 20),
    (("main_title", "title"), 36),
    (("main_title", "desc"), 44),
    (("emphasis_content", "title"), 14),
    (("emphasis_content", "desc"), 22),
    (("sub_title_text",), 160),
    (("horizontal_content_list", "keyname"), 5),
    (("horizontal_content_list", "value"), 30),
    (("jump_list", "title"), 18),
    (("vertical_content_list", "title"), 38),
    (("vertical_content_list", "desc"), 160),
    (("button_selection", "option_list", "text"), 16),
    (("button_list", "text"), 10),
    (("checkbox", "option_list", "text"), 17),
    (("select_list", "option_list", "text"), 16),
    (("submit_button", "text"), 10),
)


def on_screen(card: Json) -> Json:
    """Return a copy of the card as a phone shows it: every text clipped to its width."""
    shown: Json = _copy(card)
    for path, width in WIDTHS:
        _clip(shown, path, width)
    return shown


def _clip(part: Any, path: tuple[str, ...], width: int) -> None:
    if isinstance(part, list):
        for one in part:
            _clip(one, path, width)
    elif isinstance(part, dict) and path[0] in part:
        if len(path) > 1:
            _clip(part[path[0]], path[1:], width)
        elif isinstance(part[path[0]], str) and len(part[path[0]]) > width:
            part[path[0]] = part[path[0]][: width - 1] + "…"


def _copy(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _copy(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_copy(one) for one in value]
    return value
