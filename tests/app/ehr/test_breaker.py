from app.ehr.breaker import LONGEST_REST_S, REST_S, TRIES, Breaker, Breakers


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
    breaker.rest(86_400)
    clock.now += LONGEST_REST_S - 1
    assert not breaker.allows()
    clock.now += 1
    assert breaker.allows()


def test_a_list_that_fails_is_left_alone_and_the_rest_of_the_server_is_asked() -> None:
    breakers = Breakers(Clock())
    for _ in range(TRIES):
        breakers.tell({"conditions": False, "dispenses": True})
    assert breakers.allowed(["conditions", "dispenses", "devices"]) == ["conditions", "devices"]


def test_a_server_that_fails_altogether_is_tried_with_everything_after_its_rest() -> None:
    clock = Clock()
    breakers = Breakers(clock)
    for _ in range(TRIES):
        breakers.tell({"conditions": True, "dispenses": True})
    assert breakers.allowed(["conditions", "devices"]) == []
    clock.now += REST_S
    assert breakers.allowed(["conditions", "devices"]) == ["conditions", "devices"]
    assert breakers.allowed(["conditions", "devices"]) == [], "the others wait for how it goes"


def test_a_rest_is_that_of_the_whole_server_even_where_one_list_asked_for_it() -> None:
    clock = Clock()
    breakers = Breakers(clock)
    breakers.tell({"conditions": False, "dispenses": True}, 30)
    assert breakers.allowed(["conditions"]) == []
    clock.now += 30
    assert breakers.allowed(["conditions"]) == ["conditions"]
