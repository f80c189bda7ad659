"""The platform's own XML: nested dictionaries out, nested dictionaries in."""

from collections.abc import Mapping
from typing import Any
from xml.etree.ElementTree import Element

import defusedxml.ElementTree as DefusedTree
from defusedxml.common import DefusedXmlException

from emulator.store import Json


def cdata(text: str) -> str:
    """Wrap text so that no content can end the section early."""
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def node(name: str, value: Any) -> str:
    """Write one node: numbers bare, text in CDATA, a list as the node repeated, a dictionary as children."""
    if isinstance(value, list | tuple):
        return "".join(node(name, one) for one in value)
    if isinstance(value, Mapping):
        return f"<{name}>{''.join(node(key, one) for key, one in value.items())}</{name}>"
    if isinstance(value, bool):
        return f"<{name}>{str(value).lower()}</{name}>"
    if isinstance(value, int | float):
        return f"<{name}>{value}</{name}>"
    return f"<{name}>{cdata(str(value))}</{name}>"


def document(fields: Mapping[str, Any]) -> str:
    """Write `fields` as `<xml>…</xml>` in their order."""
    return node("xml", fields)


def parse(text: str | bytes) -> Json:
    """Read a document into a dictionary; anything but well-formed XML without a DTD raises ValueError."""
    try:
        root = DefusedTree.fromstring(text, forbid_dtd=True)
    except (DefusedTree.ParseError, DefusedXmlException, UnicodeDecodeError) as error:
        raise ValueError(f"not XML: {error}") from None
    if root.tag != "xml":
        raise ValueError("the outer node must be <xml>")
    children = _children(root)
    return children if isinstance(children, dict) else {}


def _children(element: Element) -> Json | str:
    """Return the text of a leaf, or its children; a name that occurs again makes a list."""
    if not len(element):
        return element.text or ""
    found: Json = {}
    for child in element:
        value = _children(child)
        if child.tag not in found:
            found[child.tag] = value
        elif isinstance(found[child.tag], list):
            found[child.tag].append(value)
        else:
            found[child.tag] = [found[child.tag], value]
    return found
