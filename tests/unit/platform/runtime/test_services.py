import pytest

from shared.platform.runtime.errors import ConfigurationError
from shared.platform.runtime.services import Services

pytestmark = [pytest.mark.row("DEP-01"), pytest.mark.row("DEP-03")]


class Clock:
    def __init__(self) -> None:
        self.closed = False

    def close(self) -> None:
        self.closed = True


class Shop:
    def __init__(self, clock: Clock) -> None:
        self.clock = clock


@pytest.fixture
def services() -> Services:
    found = Services()

    @found.provides
    def clock(_: Services) -> "Clock":
        return Clock()

    @found.provides
    def shop(services: Services) -> "Shop":
        return Shop(services.get(Clock))

    return found


def test_a_service_is_built_on_first_use_once_and_found_by_type_and_name(services):
    shop = services.get(Shop)
    assert shop is services.get("shop")
    assert shop.clock is services.get(Clock)


def test_closing_closes_what_was_built(services):
    clock = services.get(Clock)
    services.close()
    assert clock.closed
    assert services.get(Clock) is not clock


@pytest.mark.row("DEP-02")
def test_overriding_a_service_takes_one_line(services):
    mine = Clock()
    services.override(Clock, mine)
    assert services.get(Shop).clock is mine


def test_check_builds_everything(services):
    assert services.check() == 2


def test_a_missing_service_names_the_chain():
    services = Services()

    @services.provides
    def shop(services: Services) -> "Shop":
        return Shop(services.get(Clock))

    with pytest.raises(ConfigurationError, match=r"Clock .*shop → Clock"):
        services.check()


def test_a_circle_names_the_chain():
    services = Services()

    @services.provides
    def first(services: Services) -> "int":
        return services.get("second")

    @services.provides
    def second(services: Services) -> "str":
        return services.get("first")

    with pytest.raises(ConfigurationError, match="first → second → first"):
        services.get("first")


def test_registering_twice_is_refused(services):
    def clock(_: Services) -> "Clock":
        return Clock()

    with pytest.raises(ConfigurationError, match="twice"):
        services.provides(clock)


def test_a_service_that_fails_to_close_keeps_no_other_open(services):
    class Stubborn:
        def close(self) -> None:
            raise OSError("still busy")

    clock = services.get(Clock)
    services.override("stubborn", Stubborn())
    with pytest.raises(OSError, match="still busy"):
        services.close()
    assert clock.closed
    assert services.get(Clock) is not clock


class Line:
    def __init__(self, *, dead: bool) -> None:
        self.dead = dead

    def answers(self) -> None:
        if self.dead:
            raise ConnectionError("no tone")


@pytest.mark.row("API-08")
def test_a_service_with_a_ping_can_be_asked_whether_it_is_well(services):
    services.register("ours", lambda _: Line(dead=False), ping=Line.answers)
    services.register("theirs", lambda _: Line(dead=True), ping=Line.answers)
    services.register("nobodys", lambda _: None, ping=Line.answers)
    pings = services.pings()
    assert list(pings) == ["ours", "theirs"]
    pings["ours"]()
    with pytest.raises(ConnectionError, match="no tone"):
        pings["theirs"]()
    assert services.get("ours") is services.get("ours")
    assert services.get("nobodys") is None


def test_a_name_is_registered_once(services):
    with pytest.raises(ConfigurationError, match="service clock is registered twice"):
        services.register("clock", lambda _: Clock())


def test_what_a_ping_asks_names_the_chain_that_it_lacks(services):
    services.register("line", lambda services: services.get("exchange"), ping=Line.answers)
    with pytest.raises(ConfigurationError, match=r"exchange .*line → exchange"):
        services.pings()


def test_a_factory_names_what_it_provides(services):
    @services.provides
    def exchange(_: Services) -> Line:
        return Line(dead=False)

    assert services.get(exchange) is services.get(Line)
    assert services.get(exchange) is services.get("exchange")
