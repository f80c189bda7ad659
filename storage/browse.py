"""Lists for the web's second face: one page of records within a scope, a page further by cursor."""

from sqlalchemy import Engine


class Browse:
    """Reads pages of records; every query carries the reader's scope."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
