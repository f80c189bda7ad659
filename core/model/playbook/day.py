"""The working day: when plans and digests come, and when nobody is disturbed."""

from datetime import time, timedelta

from pydantic import Field

from core.calendar import QuietHours
from core.model.playbook.parts import Duration, Hour, Part


class Quiet(Part):
    """The part of the day in which nobody is disturbed; it may run over midnight."""

    begins: Hour = Field(default=time(21), description="开始")
    ends: Hour = Field(default=time(8), description="结束")

    @property
    def hours(self) -> QuietHours:
        """The same as the calendar counts with it."""
        return QuietHours(begins=self.begins, ends=self.ends)

    def outside(self, at: time) -> time:
        """Return an hour of the same day at which something may be said: after the quiet part, or before the night."""
        if self.begins <= self.ends:
            return self.ends if self.begins <= at < self.ends else at
        if at >= self.begins:
            return time(max(self.begins.hour - 1, self.ends.hour), self.begins.minute)
        return max(at, self.ends)


class Day(Part):
    """When plans and digests come."""

    plan_at: Hour = Field(default=time(8, 30), description="每天几点发当天计划")
    plan_size: int = Field(default=10, ge=1, le=50, description="计划卡片最多列几条")
    digest_at: Hour = Field(default=time(18), description="每天几点发日报给主管")
    default_hour: int = Field(default=9, ge=0, le=23, description="只说了日子没说钟点时，按几点提醒")
    quiet: Quiet = Field(default_factory=Quiet, description="免打扰时间")


class FollowUps(Part):
    """What counts as a follow-up, and when its next step is recalled."""

    min_characters: int = Field(default=5, ge=1, le=100, description="有效跟进至少几个字")
    same_text_within: Duration = Field(default=timedelta(hours=24), description="多久之内写同样的话不算新的跟进")
    reminder_lead: Duration = Field(default=timedelta(minutes=30), description="提前多久提醒下次联系")


class Chat(Part):
    """How the conversation behaves."""

    undo_within: Duration = Field(default=timedelta(minutes=10), description="多久之内可以撤销")
    question_lives: Duration = Field(default=timedelta(minutes=30), description="一个问题等多久")
    pool_page: int = Field(default=10, ge=1, le=30, description="公海卡片一页几条")
    restore_within: Duration = Field(default=timedelta(days=30), description="作废的线索、删除的记录多久之内可以恢复")
