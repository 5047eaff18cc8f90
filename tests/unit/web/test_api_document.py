"""Every address of the API, with every parameter, does what its document says: tried by a machine, all checks on."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import schemathesis
from flask import Flask
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import from_schema
from schemathesis.engine.events import FatalError, NonFatalError, ScenarioFinished

from service.desk import Desk
from tests.unit.web.api_desk import a_token
from tests.unit.web.conftest import with_settings
from tests.unit.web.seed import Seeded
from web.api.operations import OPERATIONS
from web.app import create_app
from web.server import PageServer

EXAMPLES = 20  # of each address beyond the some 500 that cover each parameter's edges; ten seconds on an idle machine


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Over a real socket: the machine's own short cut to WSGI leaves out some of its checks."""
    server, stop = PageServer(app, "127.0.0.1", 0), Event()
    serving = Thread(target=server.run, args=(stop,))
    serving.start()
    yield f"http://127.0.0.1:{server.port}"
    stop.set()
    serving.join()


def test_the_api_does_what_its_document_says(desk: Desk, seeded: Seeded, tmp_path: Path) -> None:
    quick = with_settings(desk, tmp_path, web={"api_limit": "100000 per minute"})
    told = {
        "headers": {"Authorization": f"Bearer {a_token(quick)}"},
        "generation": {"max-examples": EXAMPLES, "deterministic": True, "database": "none"},
        "phases": {"stateful": {"enabled": False}},  # nothing here leads from one address to another
        "parameters": {"reference": seeded.overdue},
        "operations": [
            {
                "include-name": "GET /statistics",
                # A day that is none of the quarter's: no document can say which quarter and day go together.
                "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "422"]}},
            },
            {
                "include-name-regex": "GET /(cases|deadlines)$",
                # Days that end before they begin, likewise.
                "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "422"]}},
            },
        ],
    }
    with served(create_app(quick)) as url:
        config = SchemathesisConfig.from_dict(told)
        schema = schemathesis.openapi.from_url(f"{url}/api/v1/openapi.json", config=config)
        events = list(from_schema(schema).execute())
    finished = [event for event in events if isinstance(event, ScenarioFinished)]
    faults = {
        f"{event.label}: {check.name}: {check.failure_info.failure}\n{check.failure_info.code_sample}"
        for event in finished
        for checks in event.recorder.checks.values()
        for check in checks
        if check.failure_info is not None
    }
    assert not faults, "\n\n".join(sorted(faults))
    assert [str(event.value) for event in events if isinstance(event, NonFatalError)] == []
    assert not any(isinstance(event, FatalError) for event in events)
    assert {event.label for event in finished} >= {f"GET {operation.path}" for operation in OPERATIONS}
