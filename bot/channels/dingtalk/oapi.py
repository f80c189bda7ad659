"""dingtalk-sdk's catalogue of the older API, its every call sent under our own request policy."""

from typing import TYPE_CHECKING, Any

from dingtalk import AppKeyClient

if TYPE_CHECKING:
    from bot.channels.dingtalk.api import DingTalkApi


class Oapi(AppKeyClient):  # type: ignore[misc]  # dingtalk-sdk is not typed
    """Use `get` and `post` with a path; most of the library's named methods call addresses that are gone.

    Nothing of the library's own transport is used: it logs tokens, knows no code 88 and repeats a refused token
    without end.
    """

    def __init__(self, api: "DingTalkApi", client_id: str, client_secret: str) -> None:
        self._api = api
        super().__init__("", client_id, client_secret, timeout=api.timeout, auto_retry=False)

    @property
    def access_token(self) -> str:
        """The token every process shares; the newer API takes the same one."""
        return self._api.token()

    def request(self, method: str, uri: str, **kwargs: Any) -> Any:
        """Make one call. Raises nothing but DeliveryFailed."""
        answer = self._api.old_call(method, uri, kwargs.get("data"), params=kwargs.get("params"))
        process = kwargs.get("result_processor")
        return process(answer) if process else answer
