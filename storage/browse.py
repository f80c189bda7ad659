"""Lists for the web's second face: one page of records within a scope, the next page by number.

A page costs the same wherever it lies and however many records there are: it starts at a number, never at an offset.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Engine, Select, Table, Text, and_, cast, exists, false, func, literal, or_, select
from sqlalchemy.orm import Session

from core.model.customer import Account, Contact
from core.model.deal import Deal
from core.model.followup import FollowUp, Plan
from core.model.ids import MemberId, Ref
from core.model.lead import Lead, LeadState
from core.model.member import Member
from core.model.messages import OutboxMessage
from core.rules.permissions import Scope, may_open_pool, scope_of
from storage import tables
from storage.engine import reading
from storage.mapping import map_classes
from storage.repositories import chunks, in_scope
from web.site import Ask, Page
