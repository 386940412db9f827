"""What sessions share of their handlers is what each would have found for itself."""

from typing import Any

import botocore.hooks
import botocore.session
import pytest
from botocore.compat import accepts_kwargs
from botocore.handlers import BUILTIN_HANDLERS
from botocore.hooks import EventAliaser, HierarchicalEmitter

from shared.platform.aws import clients
from tools.lab.support.botocore_handlers import Aliaser, remembering

EVENTS = [
    *(each[0] for each in BUILTIN_HANDLERS),
    "before-call.events.PutEvents",
    "before-call.cloudwatch-events.PutEvents",
    "creating-client-class.iot-data",
    "before-parameter-build.elasticloadbalancing.AddTags",
    "some.thing",
]


def test_events_have_the_names_that_botocore_gives_them() -> None:
    for _ in range(2):  # found, then remembered
        for event in EVENTS:
            stock: Any = EventAliaser(HierarchicalEmitter())
            assert Aliaser(HierarchicalEmitter())._alias_event_name(event) == (
                stock._alias_event_name(event)
            )
    assert {"before-call.eventbridge.PutEvents"} <= {
        Aliaser(HierarchicalEmitter())._alias_event_name(event) for event in EVENTS
    }


def test_other_aliases_are_not_remembered_for_botocores_own() -> None:
    other = Aliaser(HierarchicalEmitter(), {"sqs": "queues"})
    assert other._alias_event_name("before-call.sqs") == "before-call.queues"
    assert Aliaser(HierarchicalEmitter())._alias_event_name("before-call.sqs") == "before-call.sqs"


def test_a_handler_without_keywords_is_refused_as_ever() -> None:
    def bad() -> None: ...

    for _ in range(2):
        with pytest.raises(ValueError, match="must accept keyword"):
            botocore.hooks.HierarchicalEmitter().register("before-call", bad)


def test_every_builtin_handler_is_judged_as_botocore_judges_it() -> None:
    for _, handler, *_ in BUILTIN_HANDLERS:
        try:
            expected = accepts_kwargs(handler)
        except TypeError:
            continue
        assert remembering(handler) == expected


def test_sessions_and_clients_have_them_and_handlers_of_their_own() -> None:
    session = botocore.session.get_session()
    assert isinstance(session.get_component("event_emitter"), Aliaser)
    first, second = (clients._session().create_client("sqs") for _ in range(2))
    heard: list[str] = []
    first.meta.events.register("planted", lambda **_: heard.append("first"))
    second.meta.events.emit("planted")
    assert heard == []
    first.meta.events.emit("planted")
    assert heard == ["first"]
