"""Approvals in a platform's own approvals (OA 审批): with which template, for which kinds, how. Off by default."""

from enum import StrEnum

from pydantic import Field

from core.model.playbook.parts import Name, Part


class OaPlatform(StrEnum):
    """The platforms with approvals of their own."""

    WECOM = "wecom"
    DINGTALK = "dingtalk"


class OaWay(StrEnum):
    """LIVE: handed in when it begins, decided there or here. RECORD: written once it is decided here."""

    LIVE = "live"
    RECORD = "record"


class OaMirror(Part):
    """One template of one platform, and what is handed in with it."""

    name: Name = Field(description="这一条叫什么，例如 企业微信审批")
    channel: OaPlatform = Field(description="哪个平台：wecom 或 dingtalk")
    template: str = Field(
        min_length=1, max_length=100, description="审批模板：企业微信写模板 ID，钉钉写 processCode（PROC-…）或模板名称"
    )
    kinds: tuple[str, ...] = Field(default=(), max_length=50, description="哪几种审批；不写就是全部")
    way: OaWay = Field(
        default=OaWay.LIVE, description="live：提交时就建单，两边都能批；record：在聊单里批完再记一张带结果的单"
    )
    fields: dict[Name, Name] = Field(
        default_factory=dict, description="模板里的控件叫什么、填聊单的哪一项，例如 项目名称: 客户；同名的不用写"
    )

    def takes(self, kind: str) -> bool:
        return not self.kinds or kind in self.kinds
