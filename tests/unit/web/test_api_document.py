"""Every address of the API, with every parameter, does what its document says: tried by a machine."""

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, settings
from schemathesis import Case
from schemathesis.config import SchemathesisConfig
from schemathesis.pytest.lazy import LazySchema

from service.desk import Desk
from tests.unit.web.api_desk import a_token
from tests.unit.web.seed import Seeded


@pytest.fixture
def described(app: Flask) -> object:
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_api_does_what_its_document_says(case: Case, desk: Desk, seeded: Seeded) -> None:
    case.call_and_validate(headers={"Authorization": f"Bearer {a_token(desk)}"})
