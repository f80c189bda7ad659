"""Which company is played, and which of the platform's undocumented habits are switched on."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Person:
    """A member of the company. `role` is only a caption on the phone; `hints` are phrases to tap on the page."""

    userid: str
    name: str
    department: str = ""  # a path like 销售部/华东; empty: the company itself
    role: str = ""
    hints: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Settings:
    """One company with one self-built app. `data_dir` None keeps everything in memory."""

    corp_id: str
    agent_id: int
    secret: str
    token: str
    aes_key: str
    callback_url: str
    people: tuple[Person, ...]
    app_name: str = "聊单"
    company: str = "聊单演示公司"
    data_dir: Path | None = None
    contact_secret: str | None = None
    webhook_keys: tuple[str, ...] = ("693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa",)
    redirect_domain: str | None = None  # host[:port] trusted by OAuth; None: that of callback_url
    seed: int = 0
    siblings: tuple[tuple[str, str], ...] = ()  # label and address of other platforms' pages


@dataclass(kw_only=True)
class Switches:
    """Habits that differ between documents, versions or companies; /__emu/switches changes them while running."""

    retry_on_non_200: bool = True  # page 90238 says yes, page 90930 no
    answer_limit_s: float = 5.0  # real seconds the service has for a callback
    verify_limit_s: float = 1.0  # real seconds for the URL check
    retry_pause_s: float = 1.0  # real seconds between deliveries that failed at once
    refuse_unicode_escapes: bool = True
    refuse_rfc2231_names: bool = True
    sensitive_fields: bool = False  # true for apps made before 2022-06-20
    used_code_error: int = 42022  # or 40029
    account_cap: int = 500  # seats; 200 person-times a day each
    member_per_minute: int = 30
    member_per_hour: int = 1000
    ip_allowed: bool = True
    approval_api: bool = True  # whether the app is on the list of 审批 → API


TOKEN_LIFE = timedelta(seconds=7200)
MEDIA_LIFE = timedelta(days=3)
RESPONSE_CODE_LIFE = timedelta(hours=72)
RECALL_WINDOW = timedelta(hours=24)
