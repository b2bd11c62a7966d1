from pathlib import Path

import pytest

from app.limits.rate import Rate, client_of, make_table

NOW = 10_000.0


def test_a_minutes_calls_may_come_at_once_and_the_next_waits_for_its_share() -> None:
    rate = Rate(6)
    assert [rate.wait("a", NOW) for _ in range(6)] == [0.0] * 6
    assert rate.wait("a", NOW) == pytest.approx(10)
    assert rate.wait("a", NOW + 4) == pytest.approx(6)
    assert rate.wait("a", NOW + 10) == 0.0


def test_a_call_that_was_refused_does_not_count() -> None:
    rate = Rate(2)
    for _ in range(50):
        rate.wait("a", NOW)
    assert rate.wait("a", NOW + 30) == 0.0


def test_after_a_quiet_minute_everything_is_allowed_again_and_no_more() -> None:
    rate = Rate(3)
    allowed = [rate.wait("a", NOW) == 0.0 for _ in range(9)] + [rate.wait("a", NOW + 600) == 0.0 for _ in range(9)]
    assert allowed == [True] * 3 + [False] * 6 + [True] * 3 + [False] * 6


def test_one_client_does_not_use_up_what_another_may() -> None:
    rate = Rate(1)
    assert rate.wait("a", NOW) == 0.0
    assert rate.wait("a", NOW) > 0
    assert rate.wait("b", NOW) == 0.0


def test_processes_that_share_a_table_share_the_limit(tmp_path: Path) -> None:
    make_table(tmp_path / "table")
    one, other = Rate(2, tmp_path / "table"), Rate(2, tmp_path / "table")
    assert [one.wait("a", NOW), other.wait("a", NOW)] == [0.0, 0.0]
    assert one.wait("a", NOW) == other.wait("a", NOW) == pytest.approx(30)


def test_a_flood_of_addresses_takes_no_more_memory() -> None:
    rate = Rate(1000)
    before = len(rate._memory)
    for number in range(10_000):
        rate.wait(str(number), NOW)
    assert len(rate._memory) == before < 1_000_000


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("10.0.0.7", "10.0.0.7"),
        ("::ffff:10.0.0.7", "10.0.0.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::"),
        ("", ""),
        ("/run/wane.sock", "/run/wane.sock"),
    ],
)
def test_a_client_is_an_address_or_a_network_of_ipv6(address: str, client: str) -> None:
    assert client_of(address) == client
