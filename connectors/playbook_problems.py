"""What the models refuse, said in Chinese: where it is, what may stand there, what stands there now."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from rapidfuzz import process

from connectors.playbook_tree import Path, Tree, shown
from core.errors import PlaybookProblem
from core.rules.playbook_outline import allowed, keys_at, kind_at, place_at, said_kind

CLOSE: Final = 60
"""How alike two keys must be, of 100, for one to be meant by the other."""

_NEVER = "这里的写法不对"


def problems_of(tree: Tree, errors: Sequence[Mapping[str, Any]]) -> tuple[PlaybookProblem, ...]:
    """Return one problem for each mistake, in the order of their lines."""
    found: dict[tuple[Path, str], PlaybookProblem] = {}
    for path, error in _located(tree.content, errors):
        if error["type"] == "too_short" and len(error["input"]) >= (error.get("ctx") or {}).get("min_length", 0):
            continue  # there are enough items, and those that are wrong are told one by one
        message = said(path, error)
        found.setdefault((path, message), PlaybookProblem(tree.line(path), shown(path), message))
    return tuple(sorted(found.values(), key=lambda problem: problem.line))


def said(path: Path, error: Mapping[str, Any]) -> str:
    """Say one mistake in a sentence."""
    say = SAID.get(error["type"])
    return say(path, error, error.get("ctx") or {}) if say is not None else _NEVER


def _located(content: Any, errors: Sequence[Mapping[str, Any]]) -> Iterable[tuple[Path, Mapping[str, Any]]]:
    """Yield every error with its path in the document. Of the branches of a choice, only the nearest is told."""
    known = [(*_path(content, error["loc"]), error) for error in errors]
    for (stem, is_choice), group in groupby(known, key=lambda one: (one[1], bool(one[2]))):
        members = list(group)
        if not is_choice:
            yield from ((path, error) for path, _, _, error in members)
            continue
        branches: dict[str, list[tuple[Path, Mapping[str, Any]]]] = {}
        for path, _, branch, error in members:
            branches.setdefault(branch, []).append((path, error))
        yield from min(branches.values(), key=lambda branch: _distance(stem, branch))


def _distance(stem: Path, branch: list[tuple[Path, Mapping[str, Any]]]) -> tuple[bool, int]:
    """Order branches: one whose own keys are there comes before one that was not meant at all."""
    strangers = any(error["type"] in _NOT_MEANT and len(path) <= len(stem) + 1 for path, error in branch)
    return strangers, len(branch)


_NOT_MEANT = frozenset({"missing", "extra_forbidden", "model_type", "dict_type", "union_tag_not_found"})


def _path(content: Any, location: tuple[int | str, ...]) -> tuple[Path, Path, str]:
    """Follow a location through the data: its path, the path at which a choice began, and the branch taken there."""
    path: Path = ()
    stem: Path = ()
    branch = ""
    here = content
    for number, step in enumerate(location):
        if isinstance(here, Mapping) and str(step) in here:
            path, here = (*path, str(step)), here[str(step)]
        elif isinstance(here, list) and isinstance(step, int) and step < len(here):
            path, here = (*path, step), here[step]
        elif number == len(location) - 1 and isinstance(here, Mapping) and step != "[key]":
            if str(step) in keys_at(path) or not branch:
                path = (*path, str(step))
        elif step != "[key]" and not branch:
            stem, branch = path, str(step)
    return path, stem if branch else path, branch


def _now(error: Mapping[str, Any]) -> str:
    """Show what stands there now."""
    value = error["input"]
    if value is None:
        return "空"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "一组设置"
    if isinstance(value, list | tuple):
        return "一个列表"
    text = str(value)
    return f"「{text[:30]}{'…' if len(text) > 30 else ''}」" if text else "空"  # noqa: PLR2004 - enough to know it by


def _kind(path: Path, error: Mapping[str, Any], _: Mapping[str, Any]) -> str:
    kind = kind_at(path)
    wanted = said_kind(kind) if kind is not None else "别的内容"
    return f"要写 {wanted}，现在是{_now(error)}"


def _one_of(path: Path, error: Mapping[str, Any], context: Mapping[str, Any]) -> str:
    kind = kind_at(path)
    values = allowed(kind) if kind is not None else ()
    listed = "、".join(values) or str(context.get("expected", "")).replace(" or ", "、").replace(", ", "、").replace(
        "'", ""
    )
    near = _near(error["input"], values)
    return f"只能是 {listed} 之一，现在是 {_bare(error)}" + (f"。是不是想写 {near}？" if near else "")


def _bare(error: Mapping[str, Any]) -> str:
    return _now(error).strip("「」")


def _missing(path: Path, error: Mapping[str, Any], _: Mapping[str, Any]) -> str:
    place = place_at(path)
    meaning = f"（{place.meaning}）" if place and place.meaning else ""
    return f"缺少 {path[-1] if path else ''}{meaning}，请补上"


def _unknown(path: Path, error: Mapping[str, Any], _: Mapping[str, Any]) -> str:
    known = keys_at(path[:-1])
    near = _near(path[-1] if path else "", known)
    if near:
        return f"没有「{path[-1]}」这一项，是不是想写 {near}？"
    return f"没有「{path[-1]}」这一项，可以写的有：{'、'.join(known)}" if known else f"没有「{path[-1]}」这一项，请去掉"


def _near(value: Any, known: Sequence[str]) -> str:
    best = process.extractOne(str(value), known, score_cutoff=CLOSE) if known else None
    return str(best[0]) if best else ""


def _own(_: Path, error: Mapping[str, Any], context: Mapping[str, Any]) -> str:
    """A sentence of our own models; one of a library's stays out of sight."""
    sentence = str(context.get("error", ""))
    return sentence if any("一" <= letter <= "鿿" for letter in sentence) else f"{_NEVER}，现在是{_now(error)}"


def _bound(words: str, name: str) -> Callable[[Path, Mapping[str, Any], Mapping[str, Any]], str]:
    return lambda path, error, context: f"要{words} {_figure(path, context.get(name))}，现在是{_now(error)}"


def _figure(path: Path, bound: Any) -> str:
    if isinstance(bound, float) and bound <= 1 and "百分比" in said_kind(kind_at(path)):
        return f"{bound * 100:g}%"
    return f"{bound:g}" if isinstance(bound, float) else str(bound)


def _length(words: str, name: str, unit: str) -> Callable[[Path, Mapping[str, Any], Mapping[str, Any]], str]:
    return lambda _, error, context: (
        f"{words} {context.get(name)} {unit}"
        + (f"，现在有 {len(error['input'])} {unit}" if isinstance(error["input"], str | list | tuple | dict) else "")
    )


SAID: Final[dict[str, Callable[[Path, Mapping[str, Any], Mapping[str, Any]], str]]] = {
    "missing": _missing,
    "extra_forbidden": _unknown,
    "enum": _one_of,
    "literal_error": _one_of,
    "union_tag_invalid": _one_of,
    "union_tag_not_found": _kind,
    "value_error": _own,
    "assertion_error": _own,
    "greater_than": _bound("大于", "gt"),
    "greater_than_equal": _bound("不小于", "ge"),
    "less_than": _bound("小于", "lt"),
    "less_than_equal": _bound("不大于", "le"),
    "multiple_of": _bound("是这个数的倍数：", "multiple_of"),
    "too_short": _length("至少要有", "min_length", "项"),
    "too_long": _length("最多只能有", "max_length", "项"),
    "string_too_short": _length("至少要有", "min_length", "个字"),
    "string_too_long": _length("最多只能有", "max_length", "个字"),
    "string_pattern_mismatch": lambda _, error, __: f"写法不对，现在是{_now(error)}",
    "finite_number": _kind,
    "int_from_float": _kind,
    "decimal_max_digits": lambda _, error, context: f"最多 {context.get('max_digits')} 位数字，现在是{_now(error)}",
    "decimal_max_places": lambda _, error, context: f"最多 {context.get('decimal_places')} 位小数，现在是{_now(error)}",
    "decimal_whole_digits": lambda _, error, context: (
        f"小数点前最多 {context.get('whole_digits')} 位，现在是{_now(error)}"
    ),
    "date_past": lambda _, error, __: f"要写过去的日期，现在是{_now(error)}",
    "date_future": lambda _, error, __: f"要写将来的日期，现在是{_now(error)}",
    "recursion_loop": lambda *_: "嵌套太深，请写得简单一些",
    "recursion_depth_exceeded": lambda *_: "嵌套太深，请写得简单一些",
    "invalid_key": lambda *_: "冒号前面要写一个名称",
    **dict.fromkeys(
        (
            "string_type", "string_unicode", "string_not_ascii", "bool_type", "bool_parsing", "int_type", "int_parsing",
            "int_parsing_size", "float_type", "float_parsing", "decimal_type", "decimal_parsing", "date_type",
            "date_parsing", "date_from_datetime_parsing", "date_from_datetime_inexact", "time_type", "time_parsing",
            "datetime_type", "datetime_parsing", "datetime_from_date_parsing", "time_delta_type", "time_delta_parsing",
            "model_type", "model_attributes_type", "dataclass_type", "dict_type", "mapping_type", "list_type",
            "tuple_type", "set_type", "frozen_set_type", "iterable_type", "none_required", "is_instance_of",
        ),
        _kind,
    ),
}  # fmt: skip
"""Every mistake that the models can find, by pydantic's name of it. A test holds the list to be whole."""

NOT_IN_A_DOCUMENT: Final = frozenset({
    "no_such_attribute", "json_invalid", "json_type", "needs_python_object", "frozen_field", "frozen_instance",
    "get_attribute_error", "dataclass_exact_type", "named_tuple_type", "default_factory_not_called", "iteration_error",
    "frozen_dict_type", "ordered_dict_type", "counter_type", "deque_type", "set_item_not_hashable", "bytes_type",
    "bytes_too_short", "bytes_too_long", "bytes_invalid_encoding", "missing_sentinel_error", "ellipsis_error",
    "datetime_object_invalid", "datetime_past", "datetime_future", "timezone_naive", "timezone_aware",
    "timezone_offset", "is_subclass_of", "callable_type", "arguments_type", "missing_argument",
    "unexpected_keyword_argument", "missing_keyword_only_argument", "unexpected_positional_argument",
    "missing_positional_only_argument", "multiple_argument_values", "url_type", "url_parsing", "url_syntax_violation",
    "url_too_long", "url_scheme", "uuid_type", "uuid_parsing", "uuid_version", "fraction_type", "fraction_parsing",
    "complex_type", "complex_str_parsing",
})  # fmt: skip
"""Mistakes that no part of a playbook can meet: it has no bytes, addresses or Python objects in it."""
