"""What is counted, and what happens when the counter cannot be reached."""

from __future__ import annotations

import pytest
from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from app.services import limits as module
from app.services.errors import ServiceError
from app.services.limits import Limits

RATES = {"quick": parse("2 per minute"), "slow": parse("2 per hour")}


class AwayError(Exception):
    pass


class Flaky(MemoryStorage):
    """A storage in another place, which can go away."""

    away = False
    asked = 0

    @property
    def base_exceptions(self) -> type[Exception]:
        return AwayError

    def incr(self, key: str, expiry: float, amount: int = 1) -> int:
        self._reach()
        return super().incr(key, expiry, amount)

    def clear(self, key: str) -> None:
        self._reach()
        super().clear(key)

    def _reach(self) -> None:
        self.asked += 1
        if self.away:
            raise AwayError("connection refused")


@pytest.fixture
def storage() -> Flaky:
    return Flaky()


@pytest.fixture
def limits(storage: Flaky) -> Limits:
    return Limits(FixedWindowRateLimiter(storage), RATES)


def refused(limits: Limits, name: str, *key: str) -> str:
    with pytest.raises(ServiceError) as caught:
        limits.hit(name, *key)
    assert caught.value.code == "too_many"
    return caught.value.msg


def test_every_key_has_a_count_of_its_own(limits: Limits) -> None:
    for key in (("anna",), ("anna", "192.0.2.1"), ("anna", "192.0.2.2"), ("ben",)):
        for _ in range(2):
            limits.hit("quick", *key)
        refused(limits, "quick", *key)
    limits.hit("slow", "anna")
    limits.forget("quick", "anna", "192.0.2.1")
    limits.hit("quick", "anna", "192.0.2.1")
    refused(limits, "quick", "anna", "192.0.2.2")


def test_a_refusal_says_how_long_to_wait(limits: Limits) -> None:
    for name in ("quick", "quick", "slow", "slow"):
        limits.hit(name, "anna")
    assert refused(limits, "quick", "anna") == "Too many tries. Try again in a minute."
    assert refused(limits, "slow", "anna") == "Too many tries. Try again in 60 minutes."


def test_nothing_is_limited_without_a_counter() -> None:
    limits = Limits(None, RATES)
    for _ in range(3):
        limits.hit("quick", "anna")
    limits.forget("quick", "anna")


def test_a_worker_counts_for_itself_while_the_counter_is_away(
    limits: Limits, storage: Flaky, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits.hit("quick", "anna")
    storage.away = True
    for _ in range(2):
        limits.hit("quick", "anna")
    refused(limits, "quick", "anna")
    limits.forget("quick", "anna")
    limits.hit("quick", "anna")
    assert storage.asked == 2  # and left alone since: asking may take long

    storage.away = False
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.0)
    other = Limits(FixedWindowRateLimiter(storage), RATES)
    other.hit("quick", "anna")
    refused(other, "quick", "anna")


def test_the_counter_is_asked_again_after_a_while(
    limits: Limits, storage: Flaky, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RETRY_SECONDS", 0.0)
    limits.hit("quick", "anna")
    storage.away = True
    limits.hit("quick", "anna")
    limits.forget("quick", "anna")
    storage.away = False
    limits.hit("quick", "anna")
    refused(limits, "quick", "anna")


def test_a_clock_set_back_shuts_nobody_out(storage: Flaky, limits: Limits) -> None:
    for name in RATES:
        limits.hit(name, "anna")
        limits.hit(name, "anna")
        refused(limits, name, "anna")
    limits.start_afresh()
    for name in RATES:
        limits.hit(name, "anna")
        limits.hit(name, "anna")
        refused(limits, name, "anna")


def test_without_limits_there_is_nothing_to_begin_afresh() -> None:
    limits = Limits(None, RATES)
    limits.start_afresh()
    limits.hit("quick", "anna")
