"""One message of the platform: text, markdown, or an ActionCard with links for buttons.

The same message goes to people and groups by API (`msgKey` and `msgParam`), or to a session webhook (`msgtype`).
"""

import json
from dataclasses import dataclass
from typing import Any, Literal

Json = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Action:
    """A button under an ActionCard: a page to open, or a `dtmd` link that says something for the person."""

    label: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Message:
    """`title` shows in the list of conversations; a text has none."""

    kind: Literal["text", "markdown", "action"]
    title: str = ""
    text: str
    actions: tuple[Action, ...] = ()

    def by_api(self) -> Json:
        """Return `msgKey` and `msgParam`."""
        key, params = self._sample()
        return {"msgKey": key, "msgParam": json.dumps(params, ensure_ascii=False)}

    def by_webhook(self) -> Json:
        """Return the body for a session webhook."""
        if self.kind == "text":
            return {"msgtype": "text", "text": {"content": self.text}}
        if self.kind == "markdown":
            return {"msgtype": "markdown", "markdown": {"title": self.title, "text": self.text}}
        if len(self.actions) == 1:
            buttons: Json = {"singleTitle": self.actions[0].label, "singleURL": self.actions[0].url}
        else:
            rows = [{"title": action.label, "actionURL": action.url} for action in self.actions]
            buttons = {"btnOrientation": "0", "btns": rows}
        return {"msgtype": "actionCard", "actionCard": {"title": self.title, "text": self.text, **buttons}}

    def _sample(self) -> tuple[str, dict[str, str]]:
        if self.kind == "text":
            return "sampleText", {"content": self.text}
        params = {"title": self.title, "text": self.text}
        if self.kind == "markdown":
            return "sampleMarkdown", params
        if len(self.actions) == 1:
            only = self.actions[0]
            return "sampleActionCard", {**params, "singleTitle": only.label, "singleURL": only.url}
        for number, action in enumerate(self.actions, 1):
            params |= {f"actionTitle{number}": action.label, f"actionURL{number}": action.url}
        return f"sampleActionCard{len(self.actions)}", params
