import pytest

from tools.docs.catalogue import routes, subscriptions
from tools.docs.sections import replace_section, table
from tools.lab.authorization.table import EVERYTHING, Table


def test_every_route_says_who_may_and_what_it_does():
    found = routes()
    assert len(found) >= 15
    for route in found:
        assert route.access != "?", route
        assert route.purpose, route


def test_the_permissions_that_it_names_are_those_of_the_hand_written_table():
    known = Table.read()
    for route in routes():
        named = {each.strip("`") for each in route.access.split(", ")} - {"public"}
        who = known.line(f"{route.method} {route.path}").who
        assert named <= EVERYTHING, route
        assert (who or frozenset()) <= named, route


def test_every_consumer_has_its_events_and_says_what_it_does():
    found = subscriptions()
    assert len(found) >= 8
    for subscription in found:
        assert subscription.events, subscription
        assert subscription.purpose, subscription


def test_a_section_is_replaced_and_a_missing_one_is_an_error():
    text = "a\n<!-- x -->\nold\n<!-- /x -->\nb"
    assert replace_section(text, "x", "new") == "a\n<!-- x -->\nnew\n<!-- /x -->\nb"
    with pytest.raises(ValueError, match="no section"):
        replace_section("nothing here", "x", "new")


def test_a_table_is_markdown():
    assert table(("A", "B"), [("1", "2")]) == "| A | B |\n| --- | --- |\n| 1 | 2 |"
