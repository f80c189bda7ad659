"""The JSON schema of a playbook as it is written: durations, hours and shares are text there."""

from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

from core.model.playbook import Playbook
from core.model.playbook.parts import read_share
from core.rules.playbook_outline import places

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_DURATION = {
    "type": "string",
    "pattern": r"^\s*(\d+(\.\d+)?\s*(d|h|m|s|天|小时|分钟|秒)\s*)+$",
    "examples": ["24h", "3d"],
}
_HOUR = {"type": "string", "pattern": r"^\s*\d{1,2}[:：]\d{2}\s*$", "examples": ["8:30"]}
_SHARE = {"type": "string", "pattern": r"^\s*\d+(\.\d+)?\s*%\s*$", "examples": ["50%"]}


def playbook_schema() -> dict[str, Any]:
    """Return the schema of a document; what only the operator says is not in it."""
    schema = Playbook.model_json_schema(by_alias=True, schema_generator=_Written)
    root = schema["$defs"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    known = places(Playbook)
    root["properties"] = {key: value for key, value in root["properties"].items() if key in known}
    return {"$schema": DIALECT, "title": "聊单规则", **schema}


class _Written(GenerateJsonSchema):
    """Says how values are written in a document instead of what they are in the program."""

    def timedelta_schema(self, schema: Any) -> JsonSchemaValue:
        return dict(_DURATION)

    def time_schema(self, schema: Any) -> JsonSchemaValue:
        return dict(_HOUR)

    def function_before_schema(self, schema: Any) -> JsonSchemaValue:
        inner = super().function_before_schema(schema)
        return {"anyOf": [inner, dict(_SHARE)]} if schema["function"]["function"] is read_share else inner
