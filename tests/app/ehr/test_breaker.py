from app.ehr.breaker import LONGEST_REST_S, REST_S, TRIES, Breaker


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_after_so_many_failures_in_a_row_nobody_calls_until_one_may_try() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(TRIES):
        assert breaker.allows()
        breaker.failed()
    assert not breaker.allows()
    clock.now += REST_S
    assert [breaker.allows() for _ in range(3)] == [True, False, False]
    breaker.succeeded()
    assert [breaker.allows() for _ in range(3)] == [True, True, True]


def test_a_success_in_between_begins_the_count_anew() -> None:
    breaker = Breaker(Clock())
    for _ in range(3 * TRIES):
        breaker.failed()
        breaker.succeeded()
    assert breaker.allows()


def test_a_rest_that_is_asked_for_is_given_within_reason() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    breaker.failed(rest_s=86_400)
    clock.now += LONGEST_REST_S - 1
    assert not breaker.allows()
    clock.now += 1
    assert breaker.allows()
