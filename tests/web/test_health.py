"""What load balancers and monitors are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from app.extensions import db
from app.services import bans
from app.services.audit import HOST
from app.services.house import House
from app.web import health
from app.web.health import Readiness
from tests.support.server import Server, free_port

READY = {"worker": "ok", "database": "ok", "migrations": "ok"}


@pytest.fixture(autouse=True)
def look_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "LOOK_EVERY", 0.0)


def asked(client: FlaskClient, path: str = "/readyz") -> tuple[int, object]:
    answer = client.get(path)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    return answer.status_code, answer.json


def test_a_house_that_stands_is_alive_and_ready(client: FlaskClient) -> None:
    assert asked(client, "/healthz") == (200, {"alive": True})
    assert asked(client) == (200, {"ready": True, "checks": READY})
    head = client.head("/readyz")
    assert (head.status_code, head.data) == (200, b"")
    assert client.post("/healthz").status_code == 405


def test_whoever_is_banned_is_told_all_the_same(client: FlaskClient, house: House) -> None:
    bans.ban(house, HOST, ["127.0.0.0/8"], "")
    assert client.get("/").status_code == 403
    assert asked(client)[0] == 200


def test_a_house_that_closes_is_alive_and_not_ready(app: Flask, client: FlaskClient) -> None:
    app.extensions["edge"].gate.close()
    assert client.get("/rules").status_code == 503
    assert asked(client) == (503, {"ready": False, "checks": {"worker": "closing"}})
    assert asked(client, "/healthz")[0] == 200


def test_a_database_of_another_version_is_not_ready(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        db.session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
        db.session.commit()
    checks = READY | {"migrations": "missing"}
    assert asked(client) == (503, {"ready": False, "checks": checks})


def test_a_database_that_is_gone_and_back(
    house: House, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    checks = READY | {"database": "unreachable", "migrations": "unknown"}
    with house.store.write() as unit:
        unit.execute(text("ALTER TABLE alembic_version RENAME TO elsewhere"))
    assert asked(client) == (503, {"ready": False, "checks": checks})
    with house.store.write() as unit:
        unit.execute(text("ALTER TABLE elsewhere RENAME TO alembic_version"))
    assert asked(client)[0] == 200


def test_redis_belongs_to_it_where_there_is_one(house: House) -> None:
    nowhere = replace(house.config, REDIS_URL=f"redis://127.0.0.1:{free_port()}/0")
    checks = Readiness(replace(house, config=nowhere), lambda: False).checks()
    assert checks == READY | {"redis": "unreachable"}


def test_however_often_one_asks_it_is_looked_at_once_a_moment(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "LOOK_EVERY", 1.0)
    now = 100.0
    monkeypatch.setattr(health, "monotonic", lambda: now)
    readiness, looks = Readiness(house, lambda: False), []
    look = readiness._look
    monkeypatch.setattr(readiness, "_look", lambda: looks.append(now) or look())
    for _ in range(5):
        assert readiness.checks() == READY
    now = 101.0
    readiness.checks()
    assert looks == [100.0, 101.0]


def test_metrics_have_a_port_of_their_own(make_server: Callable[..., Server]) -> None:
    port = free_port()
    server = make_server(METRICS_PORT=str(port))
    assert requests.get(server.url + "/readyz", timeout=30).json()["ready"] is True
    assert requests.get(server.url + "/metrics", timeout=30).status_code == 404
    told = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=30).text
    assert 'parlour_http_requests_total{route="none",status="404"} 1.0' in told
    assert "process_resident_memory_bytes" in told


def test_a_port_that_is_taken_keeps_no_house_from_serving(
    make_server: Callable[..., Server],
) -> None:
    first = make_server()
    server = make_server(METRICS_PORT=str(first.port))
    assert requests.get(server.url + "/healthz", timeout=30).status_code == 200
    assert "no metrics" in server.log()
