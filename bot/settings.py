"""Settings: frozen, from the environment, with the names of the contract. `.env` is read in development."""

import os
import secrets
from pathlib import Path
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


def _named(name: str, *others: str) -> AliasChoices:
    return AliasChoices(name, *others)


class Settings(BaseSettings):
    """Everything an operator sets. Each field says what it means; `.env.example` is generated from here."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", frozen=True, populate_by_name=True)

    database_url: str = Field("", validation_alias=_named("DATABASE_URL"), description="SQLAlchemy 数据库地址")
    redis_url: str = Field("", validation_alias=_named("REDIS_URL"), description="Redis 地址；不设则用内嵌替代")
    port: int = Field(8000, validation_alias=_named("PORT"), ge=0, le=65535, description="web 监听端口")
    data: Path = Field(Path("var"), validation_alias=_named("LIAODAN_DATA"), description="内嵌数据库与文件所在目录")
    secret_key: SecretStr = Field(
        SecretStr(""), validation_alias=_named("LIAODAN_SECRET_KEY"), description="签名与加密用的密钥"
    )
    public_url: str = Field("", validation_alias=_named("LIAODAN_PUBLIC_URL"), description="用户访问控制台的地址")
    timezone: str = Field("Asia/Shanghai", validation_alias=_named("LIAODAN_TIMEZONE"), description="业务时区")
    playbook: str = Field(
        "",
        validation_alias=_named("LIAODAN_PLAYBOOK"),
        description="第一次启动时用的规则：文件路径或模板名，默认 general",
    )
    admins: str = Field("", validation_alias=_named("LIAODAN_ADMINS"), description="一开始就是管理员的平台账号")

    wecom_corp_id: str = Field("", validation_alias=_named("WECOM_CORP_ID"), description="企业微信企业 ID")
    wecom_agent_id: int = Field(0, validation_alias=_named("WECOM_AGENT_ID"), description="自建应用 AgentId")
    wecom_secret: SecretStr = Field(SecretStr(""), validation_alias=_named("WECOM_SECRET"), description="应用 Secret")
    wecom_token: SecretStr = Field(SecretStr(""), validation_alias=_named("WECOM_TOKEN"), description="接收消息 Token")
    wecom_aes_key: SecretStr = Field(
        SecretStr(""), validation_alias=_named("WECOM_AES_KEY"), description="接收消息 EncodingAESKey"
    )
    wecom_oa_token: SecretStr = Field(
        SecretStr(""), validation_alias=_named("WECOM_OA_TOKEN"), description="「审批」自己的回调 Token；不单独设就不用"
    )
    wecom_oa_aes_key: SecretStr = Field(
        SecretStr(""), validation_alias=_named("WECOM_OA_AES_KEY"), description="「审批」自己的回调 EncodingAESKey"
    )
    wecom_api_base: str = Field(
        "https://qyapi.weixin.qq.com", validation_alias=_named("WECOM_API_BASE"), description="企业微信接口地址"
    )

    dingtalk_client_id: str = Field("", validation_alias=_named("DINGTALK_CLIENT_ID"), description="应用 Client ID")
    dingtalk_client_secret: SecretStr = Field(
        SecretStr(""), validation_alias=_named("DINGTALK_CLIENT_SECRET"), description="应用 Client Secret"
    )
    dingtalk_robot_code: str = Field(
        "", validation_alias=_named("DINGTALK_ROBOT_CODE"), description="机器人编码；不设就是 Client ID"
    )
    dingtalk_corp_id: str = Field("", validation_alias=_named("DINGTALK_CORP_ID"), description="钉钉企业 CorpId")
    dingtalk_token: SecretStr = Field(
        SecretStr(""), validation_alias=_named("DINGTALK_TOKEN"), description="HTTP 事件订阅的签名 Token"
    )
    dingtalk_aes_key: SecretStr = Field(
        SecretStr(""), validation_alias=_named("DINGTALK_AES_KEY"), description="HTTP 事件订阅的加密 aes_key"
    )
    dingtalk_card_template_id: str = Field(
        "", validation_alias=_named("DINGTALK_CARD_TEMPLATE_ID"), description="互动卡片模板 ID；不设就发 ActionCard"
    )
    dingtalk_todo: bool = Field(
        False, validation_alias=_named("DINGTALK_TODO"), description="审批是否也放进钉钉待办；应用要有待办写权限"
    )
    dingtalk_monthly_calls: int = Field(
        5000, validation_alias=_named("DINGTALK_MONTHLY_CALLS"), ge=0, description="每月可用的接口调用次数；0 为不限"
    )
    dingtalk_monthly_events: int = Field(
        3000, validation_alias=_named("DINGTALK_MONTHLY_EVENTS"), ge=0, description="每月可收的推送次数；0 为不限"
    )
    dingtalk_api_base: str = Field(
        "https://api.dingtalk.com", validation_alias=_named("DINGTALK_API_BASE"), description="钉钉新版接口地址"
    )
    dingtalk_oapi_base: str = Field(
        "https://oapi.dingtalk.com", validation_alias=_named("DINGTALK_OAPI_BASE"), description="钉钉旧版接口地址"
    )

    model_url: str = Field(
        "",
        validation_alias=_named("LIAODAN_MODEL_URL"),
        description="语言模型的地址（兼容 OpenAI，到 /v1）；不设就不用",
    )
    model_key: SecretStr = Field(
        SecretStr(""), validation_alias=_named("LIAODAN_MODEL_KEY"), description="语言模型的密钥；本地模型可以不设"
    )
    model_name: str = Field("", validation_alias=_named("LIAODAN_MODEL_NAME"), description="语言模型的名字")
    model_customer_text: bool = Field(
        False,
        validation_alias=_named("LIAODAN_MODEL_CUSTOMER_TEXT"),
        description="是否允许把员工写的话（号码已打码）发给语言模型；不明确设为 true 就不发",
    )

    webhook_url: str = Field(
        "",
        validation_alias=_named("LIAODAN_WEBHOOK_URL"),
        description="审批有结果时通知的地址（Standard Webhooks）；不设就不通知",
    )
    webhook_secret: SecretStr = Field(
        SecretStr(""), validation_alias=_named("LIAODAN_WEBHOOK_SECRET"), description="签名用的密钥，whsec_ 开头"
    )

    @field_validator("webhook_url")
    @classmethod
    def _hook_address(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("LIAODAN_WEBHOOK_URL must begin with https:// or http://")
        return value

    @field_validator("model_url")
    @classmethod
    def _web_address(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("LIAODAN_MODEL_URL must begin with https:// or http://")
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        ZoneInfo(value)
        return value

    @property
    def is_embedded(self) -> bool:
        """Whether the database is our own SQLite file."""
        return not self.database_url or self.database_url.startswith("sqlite")

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data.resolve() / 'liaodan.db'}"

    @property
    def address(self) -> str:
        """Under which chat users reach the console."""
        return self.public_url.rstrip("/") or f"http://127.0.0.1:{self.port}"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def has_wecom(self) -> bool:
        """Whether everything the WeCom channel needs is set."""
        secrets_set = (self.wecom_secret, self.wecom_token, self.wecom_aes_key)
        return bool(self.wecom_corp_id and self.wecom_agent_id and all(s.get_secret_value() for s in secrets_set))

    @property
    def has_wecom_oa(self) -> bool:
        """Whether the platform's approvals report to an address of their own."""
        return bool(self.wecom_oa_token.get_secret_value() and self.wecom_oa_aes_key.get_secret_value())

    @property
    def has_dingtalk(self) -> bool:
        """Whether everything the DingTalk channel needs is set; HTTP events need their own two besides."""
        return bool(self.dingtalk_client_id and self.dingtalk_client_secret.get_secret_value())

    @property
    def has_todos(self) -> bool:
        """Whether a platform's own list of to-dos is kept in step."""
        return self.has_dingtalk and self.dingtalk_todo

    @property
    def has_dingtalk_events(self) -> bool:
        """Whether events may be pushed over HTTP."""
        return bool(self.dingtalk_token.get_secret_value() and self.dingtalk_aes_key.get_secret_value())

    @property
    def has_model(self) -> bool:
        """Whether a language model may be asked: an address, a name, and the word that text may leave."""
        return bool(self.model_url and self.model_name and self.model_customer_text)

    def key(self) -> str:
        """Return the secret key; embedded installations make one at their first start and keep it beside the data."""
        if given := self.secret_key.get_secret_value():
            return given
        if not self.is_embedded:
            raise ValueError("LIAODAN_SECRET_KEY is required with an external database")
        self.data.mkdir(parents=True, exist_ok=True)
        kept = self.data / "secret_key"
        try:
            with os.fdopen(os.open(kept, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
                file.write(secrets.token_urlsafe(32))
        except FileExistsError:
            pass
        return kept.read_text()
