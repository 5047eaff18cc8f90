"""How the desk stands, for a monitor: 200 while it works, 503 when something has failed."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from service.health import FAIL, health, without_details
from service.store.database import DatabaseUnavailable, reading
from web.current import desk

pages = Blueprint("health", __name__)


@pages.get("/health")
def show() -> ResponseReturnValue:
    served = desk()
    try:
        with reading(served.engine) as session:
            report = without_details(health(session, served, served.now()))
    except DatabaseUnavailable:
        report = {"status": FAIL, "at": served.now().isoformat(), "database": {"status": FAIL}}
    return jsonify(report), 503 if report["status"] == FAIL else 200
