"""Builds deploy/dingtalk-card.json: the interactive card as DingTalk's card builder exports and imports it.

The format is not documented. What stands here is how public exports look (open-dingtalk/dingtalk-card-examples): a page
of the builder in `editorData`, itself JSON in a string, its variables, and what the builder compiles from both in
`widgetInfo`, which it writes anew when the card is saved. docs/dingtalk.md says what has not been tried, and how to
build the same card by hand.
"""

import json
from typing import Any

from bot.channels.dingtalk.template import CONTROLS, VARIABLES

Json = dict[str, Any]

LISTS = {"fields": ("name", "value"), "buttons": ("text", "key", "style", "url")}
OBJECTS = {"submit": ("text", "key", "style", "url")}
FORM = {
    **dict.fromkeys(("name", "label", "type", "requiredMsg", "placeholder", "defaultValue"), "string"),
    **dict.fromkeys(("required", "readOnly"), "boolean"),
}
SAID = {
    "title": "标题",
    "subtitle": "副标题",
    "source": "标题上方的小字",
    "emphasis": "大号数字",
    "emphasis_caption": "大号数字的说明",
    "quote": "引用的原话",
    "fields": "字段列表，每项有 name、value",
    "text": "正文，markdown",
    "buttons": "按钮列表，每项有 text、key、style、url",
    "form": "表单，fields 是各个问题",
    "submit": "表单的提交按钮，有 text、key",
    "settled": "处理结果；有它就没有按钮",
    "link": "点卡片打开的网页",
    "image_url": "图片地址",
}
COLORS = {"primary": "blue", "plain": "gray", "danger": "red", "link": "gray"}
EXAMPLE = {
    "title": "小李 申请 15% 折扣",
    "subtitle": "商机 杭州某某科技",
    "source": "聊单 · 审批",
    "quote": "客户说 85 折今天就签",
    "fields": [{"name": "金额", "value": "¥200,000.00"}],
    "text": "请在今天内答复",
    "buttons": [
        {"text": "同意", "key": "approve?approval_id=42", "style": "primary", "url": ""},
        {"text": "驳回", "key": "reject?approval_id=42", "style": "danger", "url": ""},
    ],
    "form": {"fields": []},
    "submit": {},
}


def card_template() -> str:
    """Return the file."""
    editor = {
        "schemaVersion": "3.0.0",
        "schema": {"version": "1.0.0", "componentsMap": _components(), "componentsTree": [_card()], "i18n": {}},
        "mockData": {
            "cardData": {name: EXAMPLE.get(name, "") for name in VARIABLES},
            "cardPrivateData": {},
            "richTextData": {},
        },
        "editVersion": 0,
        "customWidgetInfo": "",
        "useCustomWidgetInfo": False,
        "variableList": [_variable(name) for name in VARIABLES],
        **{name: [] for name in ("formList", "expList", "localList", "hsfList", "lwpList")},
        "extension": {"extendType": "NORMAL", "fileTypeList": []},
    }
    title = "@toStr{@data{data.cardData.title}}"
    widget = (
        '<LinearLayout width="@data{width}" height="match_content" orientation="vertical">'
        f'<FastTextView width="match_parent" height="match_content" text="{title}"></FastTextView></LinearLayout>'
    )
    written = {"editorData": json.dumps(editor, ensure_ascii=False), "widgetInfo": widget, "type": "im", "mode": "card"}
    return json.dumps(written, ensure_ascii=False, indent=1) + "\n"


def _components() -> list[Json]:
    names = ("CardHeaderV2", "BaseText", "Markdown", "Loop", "ButtonBlock", "Card")
    ours = {"package": "@ali/dxComponent", "version": "1.0.0", "main": "./src/index.tsx", "destructuring": False}
    listed = [{**ours, "exportName": name, "subName": "", "componentName": name} for name in names]
    return [*listed, {"devMode": "lowCode", "componentName": "Form"}]


def _card() -> Json:
    link = {"type": "dynamicLink", "value": "", "valueType": "variable", "variable": "link", "variableType": "global"}
    children = [
        _node("CardHeaderV2", "head", {"title": _words("${title}")}),
        _line("source", "small", "gray"),
        _line("subtitle", "middle", "gray"),
        _line("emphasis", "large", "black", bold=True),
        _line("emphasis_caption", "small", "gray"),
        _line("quote", "middle", "gray"),
        _loop("fields", [_text("field", "${loop.name}：${loop.value}", "middle", "black")]),
        _node("Markdown", "text", {"mdVer": 0, "content": _bound("dynamicMarkdown", "text"), "visible": _when("text")}),
        _form(),
        _loop("buttons", [_node("ButtonBlock", "taps", {"buttons": [_button(style) for style in COLORS]})]),
        _line("settled", "middle", "gray"),
    ]
    props = {"url": link, "linkCondition": _when("link"), "isLinkToCard": True, "actionType": "url", "urlType": "all"}
    return {**_node("Card", "card", props), "children": children}


def _form() -> Json:
    props = {
        "id": "form",
        "submitText": _words("${submit.text}"),
        "formSchema": {"type": "variableValue", "variable": "form", "variableType": "global"},
        "params": [_param("key", "submit.key", "global")],
        "status": {"type": "dynamicSelect", "valueType": "fixed", "value": "normal"},
        "visible": _when("submit.text"),
        "actionType": "request",
    }
    return _node("Form", "form", props)


def _button(style: str) -> Json:
    """One button of the list: of those in the block the one with the row's style shows."""
    does: Json = {"actionType": "request", "params": [_param("key", "buttons[0].key", "loop")]}
    if style == "link":
        does = {"actionType": "url", "urlType": "all", "url": _bound("dynamicLink", "buttons[0].url", "loop")}
    return {
        "id": f"tap_{style}",
        "text": _words("${loop.text}"),
        "status": "normal",
        "color": COLORS[style],
        **does,
        "visible": _condition(
            {"variable": "buttons[0].style", "variableType": "loop", "op": "equal", "value": style},
        ),
    }


def _line(variable: str, size: str, color: str, *, bold: bool = False) -> Json:
    node = _text(variable, f"${{{variable}}}", size, color, bold=bold)
    node["props"]["visible"] = _when(variable)
    return node


def _text(name: str, content: str, size: str, color: str, *, bold: bool = False) -> Json:
    look = {"styleType": "custom", "fontSizeType": "Standard", "fontColorType": "Standard"}
    margins = {"marginLeft": 12, "marginRight": 12, "marginTop": 4, "marginBottom": 4}
    return _node(
        "BaseText", name, {"text": _words(content), **look, "size": size, "color": color, "bold": bold, **margins}
    )


def _loop(variable: str, children: list[Json]) -> Json:
    data = {"type": "variableValue", "variableType": "global", "variable": variable}
    return {**_node("Loop", f"all_{variable}", {"listData": data, "direction": "vertical"}), "children": children}


def _node(component: str, name: str, props: Json) -> Json:
    kept = {"hidden": False, "title": "", "isLocked": False, "condition": True, "conditionGroup": ""}
    return {"componentName": component, "id": f"node_{name}", "props": props, **kept}


def _words(content: str) -> Json:
    return {"type": "dynamicString", "content": content, "i18n": False}


def _bound(kind: str, variable: str, scope: str = "global") -> Json:
    return {"type": kind, "valueType": "variable", "value": "", "variable": variable, "variableType": scope}


def _param(name: str, variable: str, scope: str) -> Json:
    return {"type": "variable", "variable": variable, "value": "", "name": name, "variableType": scope, "id": "1"}


def _when(variable: str) -> Json:
    return _condition({"variable": variable, "variableType": "global", "op": "isTrue", "value": ""})


def _condition(wanted: Json) -> Json:
    condition = {**wanted, "type": "variable", "valueType": "fixed", "valueVariableType": "global"}
    whole = {"op": "and", "conditions": [condition]}
    return {"type": "dynamicVisible", "value": True, "valueType": "condition", "condition": whole}


def _variable(name: str) -> Json:
    """What may differ from viewer to viewer is private: the builder then takes the public value where there is none."""
    kind, schema = "string", None
    if name in LISTS:
        kind, schema = "loopArray", [_part(f"{name}[0].{part}", part) for part in LISTS[name]]
    elif name in OBJECTS:
        kind, schema = "object", [_part(f"{name}.{part}", part) for part in OBJECTS[name]]
    elif name == "form":
        options = [_part(f"form.fields[0].options[0].{part}", part) for part in ("value", "text")]
        fields = [_part(f"form.fields[0].{part}", part, kind) for part, kind in FORM.items()]
        fields.append({**_part("form.fields[0].options", "options", "loopArray"), "schema": options})
        kind, schema = "form", [{**_part("form.fields", "fields", "loopArray"), "schema": fields}]
    described = {"description": SAID[name], "private": name not in CONTROLS}
    return {**_part(name, name, kind), **described, **({"schema": schema} if schema else {})}


def _part(path: str, name: str, kind: str = "string") -> Json:
    return {"id": path, "name": name, "type": kind, "private": False, "editorVarType": "variables", "disabled": False}
