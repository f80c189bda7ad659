"""Which company is played, and which of the platform's undocumented habits are switched on."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

STREAM, HTTP = "stream", "http"


@dataclass(frozen=True, kw_only=True)
class Person:
    """A member of the company. `role` is only a caption on the phone; `hints` are phrases to tap on the page."""

    userid: str
    name: str
    department: str = ""  # a path like 销售部/华东; empty: the company itself
    role: str = ""
    hints: tuple[str, ...] = ()
    unionid: str = ""  # empty: made from the userid
    mobile: str = ""  # empty: made from the userid
    manager: str = ""  # the manager's userid
    admin: bool = False
    active: bool = True

    @property
    def union(self) -> str:
        """The id of the same person across apps."""
        return self.unionid or f"uni_{self.userid}"


@dataclass(frozen=True, kw_only=True)
class Group:
    """A group chat; `robot` says whether the app's robot is in it."""

    name: str
    members: tuple[str, ...]
    robot: bool = True


@dataclass(frozen=True, kw_only=True)
class Template:
    """A card template of the tenant; a card shows only the variables its template declares."""

    id: str
    name: str
    variables: tuple[str, ...]
    published: bool = True


@dataclass(frozen=True, kw_only=True)
class CustomRobot:
    """A custom robot (自定义机器人) of one group, secured by a signature, keywords, or neither."""

    token: str
    group: str  # the group's name
    secret: str = ""
    keywords: tuple[str, ...] = ()


CRM_CARD = Template(
    id="7c3f3b52-6c0e-4a35-9d52-2f0c1b6a9e10.schema",
    name="聊单卡片",
    variables=(
        "title", "subtitle", "source", "emphasis", "emphasis_caption", "quote", "fields", "text", "buttons", "form",
        "submit", "settled", "link", "image_url",
    ),
)  # fmt: skip
PUBLIC_TEMPLATES = (
    Template(id="589420e2-c1e2-46ef-a5ed-b8728e654da9.schema", name="Markdown", variables=("markdown", "title")),
    Template(
        id="1366a1eb-bc54-4859-ac88-517c56a9acb1.schema",
        name="Markdown 与按钮",
        variables=("markdown", "tips", "title", "logo", "sys_full_json_obj"),
    ),
    Template(id="2c278d79-fc0b-41b4-b14e-8b8089dc08e8.schema", name="Hello world", variables=("title", "content")),
)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One company with one in-house app and its robot. `data_dir` None keeps everything in memory."""

    corp_id: str
    client_id: str
    client_secret: str
    people: tuple[Person, ...]
    agent_id: int = 0
    robot_code: str = ""  # empty: the client id, as the platform has it for in-house apps
    robot_mode: str = STREAM
    event_mode: str = STREAM
    robot_url: str = ""
    event_url: str = ""
    token: str = ""
    aes_key: str = ""
    groups: tuple[Group, ...] = ()
    templates: tuple[Template, ...] = (CRM_CARD, *PUBLIC_TEMPLATES)
    custom_robots: tuple[CustomRobot, ...] = ()
    process_codes: tuple[tuple[str, str], ...] = (("PROC-DEMO", "报价审批"),)
    denied_scopes: frozenset[str] = frozenset()
    redirect_domain: str | None = None  # host[:port] that logins may return to; None: any
    app_name: str = "聊单"
    company: str = "聊单演示公司"
    siblings: tuple[tuple[str, str], ...] = ()  # label and address of other platforms' pages
    data_dir: Path | None = None
    stream_host: str = "127.0.0.1"
    stream_port: int = 0  # 0: any free one
    seed: int = 0

    @property
    def robot(self) -> str:
        """The robot's code."""
        return self.robot_code or self.client_id


@dataclass(kw_only=True)
class Switches:
    """Habits that differ between documents, versions or tenants; /__emu/switches changes them while running.

    Whatever ends in `_s` is real seconds.
    """

    robot_http_limit_s: float = 3.0
    robot_http_retries: int = 1
    robot_http_pause_s: float = 1.0
    robot_ack_s: float = 60.0  # a robot frame without ACK is pushed again
    robot_redeliveries: int = 2
    event_limit_s: float = 2.5
    event_first_retry_s: float = 10.0
    event_second_retry_s: float = 30.0
    event_stream_ack_s: float = 5.0
    event_stream_retries: int = 3
    wrap_events: bool = False  # HTTP events of groups, to-dos, calendar and robot as {biz_type, biz_data}
    failed_list_after_minutes: int = 3  # virtual
    card_answer_s: float = 2.0
    card_callback_retries: int = 0
    card_answer_reaches_all: bool = True  # whether a click's answer changes the public data for every viewer
    card_value_bytes: int = 0  # the documents say 1024; 0: no limit
    card_bytes: int = 102400
    stringify_card_values: bool = False  # accept numbers and objects in cardParamMap instead of param.invalid
    recall_cards: bool = True
    ping_s: float = 30.0
    pings_missed: int = 3
    disconnect_grace_s: float = 10.0
    stream_robot_needed: bool = True  # open answers 400 when the robot's topic is wanted but its mode is HTTP
    token_error: str = "alternate"  # noqa: S105 - oapi's form of a bad token: plain, gateway or alternate
    session_minutes: int = 90  # virtual
    batch_receivers: int = 20
    qps_per_api: int = 20  # calls in a real second; 0: no limit
    quota: bool = False  # whether the two monthly limits below are enforced; they are counted anyway
    api_per_month: int = 5000
    pushes_per_month: int = 3000
    count_card_callbacks: bool = True
    read_events: bool = False  # push robot_msg_read when a member reads
    ip_allowed: bool = True


TOKEN_LIFE = timedelta(seconds=7200)
TICKET_LIFE = timedelta(seconds=90)
CODE_LIFE = timedelta(minutes=5)
REFRESH_LIFE = timedelta(days=30)
HANDLE_LIFE = timedelta(hours=24)  # recall and read status
DOWNLOAD_LIFE = timedelta(hours=2)
