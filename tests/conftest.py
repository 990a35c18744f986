"""What every test may ask for: a house in this process, a real server, a browser."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from hypothesis import settings
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from app import create_app
from app.extensions import db
from app.services.house import House
from config import Config
from tests.support import cluster
from tests.support.pages import Loan, Pages
from tests.support.server import Server
from tests.support.sharing import (
    flush_nothing,
    hash_lightly,
    share_statements,
    share_templates,
    share_url_builders,
    share_url_rules,
)

# A loaded machine makes single examples slow without anything being wrong.
settings.register_profile("parlour", deadline=None)
settings.load_profile("parlour")

share_url_rules()
share_url_builders()
share_templates()
share_statements()
flush_nothing()
hash_lightly()

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The same without windows and all that belongs to them: a page costs half as much.
HEADLESS_SHELL = "chromium-headless-shell"
CHROMIUM_FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


# Folders of tests that wait much: begun first, none is left last.
WAITING = {"browser", "cluster", "faults"}
# Real servers, connections and pages; and matches that are dealt at random.
REAL = {"browser", "cluster", "faults", "legacy", "live", "services", "web"}
FAILED = pytest.StashKey[bool]()  # whether something of a test has failed


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers",
        "one_worker(why): about a single process, and no test of several workers",
    )


def pytest_runtest_setup(item: pytest.Item) -> None:
    mark = item.get_closest_marker("one_worker")
    if mark is not None and cluster.ENABLED:
        pytest.skip(mark.args[0])


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: item.path.parent.name not in WAITING)
    if config.getoption("usepdb"):
        return  # whoever looks into a failure wants the first
    for item in items:
        if item.path.parent.name in REAL:
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    before = call.when != "setup" and item.stash.get(FAILED, False)  # a second try begins anew
    item.stash[FAILED] = before or report.failed
    return report


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Frames are masked at random: their bytes would name a test differently in every run."""
    return argname if isinstance(val, bytes) else None


def settings_for_tests(instance: Path) -> Config:
    return Config(
        INSTANCE_PATH=str(instance),
        DATABASE_URL=cluster.database_url(instance),
        TESTING=True,
        ASYNC_MODE="threading",  # nothing is patched in the tests' own process
        SECRET_KEY="only for tests, which keep no secrets",
        RATELIMIT_ENABLED=False,
        MESSAGES_PER_SECOND=100_000,  # a client and a computer that answer at once are fast
        MESSAGE_BURST=100_000,
        LOG_LEVEL="WARNING",
    )


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with all migrations, made once and copied for each test."""
    config = replace(settings_for_tests(tmp_path_factory.mktemp("migrated")), DATABASE_URL="")
    with create_app(config).app_context():
        upgrade()
        db.engine.dispose()  # the last connection writes what is still in the log to the file
    return database_file(config)


def database_file(config: Config) -> Path:
    return Path(config.database_url.removeprefix("sqlite:///"))


def lay_out(config: Config, migrated: Path) -> None:
    """The folder of a house, with an empty database, where that is a file in it."""
    Path(config.INSTANCE_PATH).mkdir(parents=True, exist_ok=True)
    if not config.DATABASE_URL:
        shutil.copyfile(migrated, database_file(config))


@pytest.fixture
def config(tmp_path: Path, migrated: Path) -> Iterator[Config]:
    """Settings for one test, with an empty database of its own."""
    config = settings_for_tests(tmp_path / "instance")
    lay_out(config, migrated)
    yield config
    cluster.forget_database(tmp_path / "instance")


@pytest.fixture
def app(config: Config) -> Flask:
    return create_app(config)


@pytest.fixture
def house(app: Flask) -> House:
    house: House = app.extensions["house"]
    return house


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> Iterator[Server]:
    """A real server that all tests of this run share: use names of your own."""
    instance = tmp_path_factory.mktemp("house") / "instance"
    lay_out(settings_for_tests(instance), migrated)
    with cluster.serve(instance) as server:
        yield server


@pytest.fixture
def make_server(tmp_path: Path, migrated: Path) -> Iterator[Callable[..., Server]]:
    """A server of the test's own, with settings: `make_server(PING_INTERVAL="1")`.

    Called again it makes another worker on the same data, unless given an `instance` of its own.
    """
    made: list[Server] = []

    def make(*, instance: Path | None = None, start: bool = True, **settings: str) -> Server:
        instance = instance or tmp_path / "instance"
        if not instance.exists():  # migrations would cost each start 0.3 s
            lay_out(settings_for_tests(instance), migrated)
        server = cluster.serve(instance, settings)
        made.append(server)
        return server.start() if start else server

    yield make
    for server in made:
        server.close()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Headless Chromium. Where there is none, a test that needs it fails."""
    yield from launched(playwright, HEADLESS_SHELL, *CHROMIUM)


@pytest.fixture(scope="session")
def whole_browser(playwright: Playwright) -> Iterator[Browser]:
    """Chromium with what the shell of it lacks: notifications."""
    yield from launched(playwright, *CHROMIUM)


def launched(playwright: Playwright, *names: str) -> Iterator[Browser]:
    executable = next(filter(None, map(shutil.which, names)), None)
    if executable is None:
        pytest.fail("no Chromium on PATH: make test installs one where it may")
    browser = playwright.chromium.launch(executable_path=executable, args=CHROMIUM_FLAGS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def pages(browser: Browser) -> Pages:
    return Pages(browser)


@pytest.fixture
def new_page(
    pages: Pages, server: Server, request: pytest.FixtureRequest
) -> Iterator[Callable[..., Page]]:
    """Opens a page in a context of its own (another person): `new_page(viewport=...)`.

    It may have been used by another test; nothing of that is left.
    """
    loans: list[tuple[Loan, bool]] = []
    urls = itertools.cycle(server.urls)  # each at another worker, where there are several

    def open_page(*, base_url: str = "", **options: object) -> Page:
        loan = pages.lend({"base_url": base_url or next(urls)} | options)
        loans.append((loan, not base_url))
        return loan.page

    yield open_page
    passed = not request.node.stash.get(FAILED, False)
    for loan, ours in loans:
        pages.take_back(loan, again=ours and passed)
    errors = [error for loan, _ in loans for error in loan.errors]
    assert not errors, f"script errors: {errors}"
