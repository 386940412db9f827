import pytest

from tools.docs.catalogue import routes, subscriptions
from tools.docs.sections import replace_section, table


def test_every_route_says_who_may_and_what_it_does():
    found = routes()
    assert len(found) >= 15
    for route in found:
        assert route.access != "?", route
        assert route.purpose, route


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
