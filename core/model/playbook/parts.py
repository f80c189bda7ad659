"""What every section of the playbook is made of: frozen parts, and how durations, shares and hours are written."""

import re
from datetime import time, timedelta
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

UNITS: Final = {"d": 86400, "h": 3600, "m": 60, "s": 1, "天": 86400, "小时": 3600, "分钟": 60, "秒": 1}
_DURATION: Final = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(" + "|".join(UNITS) + r")\s*")
_SHARE: Final = re.compile(r"\s*(\d+(?:\.\d+)?)\s*%\s*")
_HOUR: Final = re.compile(r"\s*(\d{1,2})[:：](\d{2})\s*")
LONGEST: Final = timedelta(days=3660)


class Part(BaseModel):
    """A part of the playbook: frozen, and nothing in it is overlooked."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=False, str_strip_whitespace=True)


def read_duration(value: Any) -> Any:
    """Read `24h`, `1d12h` or `30天`; anything else is left to be refused. Raise ValueError with what is allowed."""
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str) or not value.strip():
        raise ValueError("时长写成数字加单位，例如 24h、3d、30m")
    seconds, at = 0.0, 0
    while at < len(value):
        found = _DURATION.match(value, at)
        if found is None:
            raise ValueError("时长写成数字加单位，例如 24h、3d、30m")
        seconds, at = seconds + float(found[1]) * UNITS[found[2]], found.end()
    if not 0 < seconds <= LONGEST.total_seconds():
        raise ValueError("时长要大于 0，最长十年")
    return timedelta(seconds=seconds)


def write_duration(value: timedelta) -> str:
    """Write a duration as `read_duration` reads it: `36h`, `3d`; up to two days in hours."""
    return _in_units(value, ("d", "h", "m", "s"))


def spoken_duration(value: timedelta) -> str:
    """Say a duration as people do: `24小时`, `3天`, `30分钟`; up to two days in hours."""
    return _in_units(value, ("天", "小时", "分钟", "秒"))


def _in_units(value: timedelta, units: tuple[str, ...]) -> str:
    seconds = round(value.total_seconds())
    fitting = (unit for unit in units if seconds % UNITS[unit] == 0)
    unit = next(unit for unit in fitting if UNITS[unit] < UNITS["d"] or seconds > 2 * UNITS["d"])
    return f"{seconds // UNITS[unit]}{unit}"


def read_share(value: Any) -> Any:
    """Read `50%` as 0.5; a plain number stays what it is."""
    found = _SHARE.fullmatch(value) if isinstance(value, str) else None
    return float(found[1]) / 100 if found else value


def read_hour(value: Any) -> Any:
    """Read `8:30` as a time of the day. Raise ValueError with what is allowed."""
    found = _HOUR.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        if isinstance(value, time):
            return value
        raise ValueError("时刻写成 8:30 这样")
    hour, minute = int(found[1]), int(found[2])
    if hour > 23 or minute > 59:  # noqa: PLR2004 - the hours and minutes of a day
        raise ValueError("没有这个时刻，写成 8:30 这样")
    return time(hour, minute)


Duration = Annotated[timedelta, BeforeValidator(read_duration), PlainSerializer(write_duration)]
"""A length of time, written `24h`, `3d`, `30m`."""

Share = Annotated[
    float, BeforeValidator(read_share), Field(ge=0, le=1), PlainSerializer(lambda share: f"{share * 100:g}%")
]
"""A part of a whole, 0 to 1, written `50%`."""

Hour = Annotated[time, BeforeValidator(read_hour), PlainSerializer(lambda hour: f"{hour:%H:%M}")]
"""A time of the day, written `8:30`."""

Name = Annotated[str, Field(min_length=1, max_length=60)]
"""What people call something; it stands in cards and reasons."""


class Group(Part):
    """Some members: whoever is named, in one of the departments (or below), or has one of the roles."""

    members: tuple[Name, ...] = Field(default=(), description="成员姓名")
    departments: tuple[Name, ...] = Field(default=(), description="部门，含下级部门")
    roles: tuple[Name, ...] = Field(default=(), description="角色，例如 rep、manager")

    @property
    def is_everybody(self) -> bool:
        """A group that names nobody is everybody."""
        return not (self.members or self.departments or self.roles)
