"""Programs that read the seeded desk's API."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.casework.grant import make_token
from service.desk import Desk
from service.domain.token import Scope
from service.store.database import transaction


@dataclass(frozen=True)
class Program:
    """A client that shows a token, or none when it is empty."""

    client: FlaskClient
    token: str

    def get(self, path: str) -> TestResponse:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return self.client.get(f"/api/v1{path}", headers=headers)

    def read(self, path: str) -> Any:
        """What a good answer says."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.json


def a_token(desk: Desk, scopes: Collection[Scope] = tuple(Scope), days: int = 30) -> str:
    """A token with these scopes, good for so many days."""
    with transaction(desk.engine) as session:
        return make_token(
            session,
            "the intranet",
            scopes,
            expires_on=desk.today() + timedelta(days=days),
            today=desk.today(),
            at=desk.now(),
            by="console",
        )
