"""XML read strictly, in one pass: plain nodes only, so that nothing can be said twice or in two ways."""

from typing import Any
from xml.parsers.expat import ExpatError, ParserCreate

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

DEEPEST = 12  # the deepest documented callback, an approval, has eight
_RECORDS = frozenset(
    ("ApprovalNode", "NotifyNode", "SpRecord", "Details", "Notifyer", "Comments", "NodeList", "SubNodeList")
)
_CHOICES = frozenset(("SelectedItem", "OptionId", "PicList", "Item", "item", "AuthAddOpenKfId", "AuthDelOpenKfId"))
LISTS = _RECORDS | _CHOICES
"""Nodes that may come once or many times, so they are lists even when there is one."""

Node = str | dict[str, Any]
"""Text, or children by name; a name that came several times holds a list."""


class Malformed(ValueError):
    """Not the plain XML the platform writes."""


def read_untrusted(body: bytes) -> dict[str, Any]:
    """Read what nobody has vouched for yet: `defusedxml` stands guard against DTDs and entities."""
    nodes = _Nodes()
    try:
        parser = DefusedXMLParser(target=nodes, encoding="utf-8", forbid_dtd=True)
        parser.feed(body)
        parser.close()
    except (ParseError, DefusedXmlException):
        raise Malformed from None
    return nodes.close()


def read_signed(message: bytes) -> dict[str, Any]:
    """Read a message whose signature held. Faster, and as strict: no DTD, comment or instruction."""
    nodes = _Nodes()
    parser = ParserCreate("UTF-8")  # whatever encoding the document claims
    parser.buffer_text = True
    parser.StartElementHandler = nodes.start
    parser.EndElementHandler = nodes.end
    parser.CharacterDataHandler = nodes.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = nodes.refuse
    parser.CommentHandler = parser.ProcessingInstructionHandler = nodes.refuse
    try:
        parser.Parse(message, True)
    except ExpatError:
        raise Malformed from None
    return nodes.close()


class _Nodes:
    """Collects nodes from parser events. Attributes, mixed content and absurd depth are Malformed."""

    __slots__ = ("_open", "_text")

    def __init__(self) -> None:
        self._open: list[dict[str, Any]] = [{}]
        self._text = ""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if attributes or len(self._open) > DEEPEST or (self._text and not self._text.isspace()):
            raise Malformed
        self._open.append({})
        self._text = ""

    def data(self, text: str) -> None:
        self._text += text

    def end(self, name: str) -> None:
        children, text, self._text = self._open.pop(), self._text, ""
        if children and text and not text.isspace():
            raise Malformed
        value: Node = children or text
        siblings = self._open[-1]
        if name in LISTS:
            siblings.setdefault(name, []).append(value)
        elif name not in siblings:
            siblings[name] = value
        elif isinstance(siblings[name], list):
            siblings[name].append(value)
        else:
            siblings[name] = [siblings[name], value]

    def refuse(self, *_: object) -> None:
        raise Malformed

    comment = pi = refuse

    def close(self) -> dict[str, Any]:
        """Return the children of the root, which is called `xml`."""
        root = self._open[0].get("xml")
        if not isinstance(root, dict):
            raise Malformed
        return root
