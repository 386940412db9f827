"""What the person on call does: redrive and replay, on the running system."""

import json

import pytest

from tests.stack.test_delivery import drained
from tools.check.project import stacks
from tools.lab.support.shop import eventually
from tools.operate.redelivery.invoking import TaskRefused, invoker, until_done

CONSUMER = "inventory.reserve_stock"
QUEUE, DEAD = "ReserveStockQueue", "ReserveStockDeadLetterQueue"


def task(shop, name):
    return invoker(shop.stack.client("lambda"), shop.stack.function("operations", name))


def all_of(invoke, asked):
    """Carry a task on to its end; return the sums of its counts."""
    answers = list(until_done(invoke, asked))
    names = {name for answer in answers for name, value in answer.items() if type(value) is int}
    return {name: sum(answer[name] for answer in answers) for name in names}


def looked_at(shop, consumer):
    return task(shop, "redrive_dead_letters")({"consumer": consumer, "look": True})["letters"]


@pytest.mark.row("EVT-05")
def test_an_order_whose_message_died_is_brought_to_its_end_by_a_redrive(shop, customer, product):
    sqs = shop.stack.client("sqs")
    queue, dead = (shop.stack.queue_url("inventory", name) for name in (QUEUE, DEAD))
    mug = product(stock=3)
    with shop.paused("inventory", "reserve_stock"):
        order_id = customer.place((mug, 1)).json()["data"]["id"]

        def taken():
            answer = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
            return [each for each in answer.get("Messages", []) if order_id in each["Body"]]

        (message,) = eventually(taken, bool, "the message waits")
        attributes = {
            "reason": {"DataType": "String", "StringValue": "DatabaseBusy: a bad day"},
            "given_up_at": {"DataType": "String", "StringValue": "2026-01-01T00:00:00.000Z"},
        }
        sqs.send_message(QueueUrl=dead, MessageBody=message["Body"], MessageAttributes=attributes)
        sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    assert customer.order(order_id)["outcome"] == "in_progress"
    answer = task(shop, "redrive_dead_letters")({"consumer": CONSUMER})
    assert answer["reasons"]["DatabaseBusy: a bad day"] == 1
    assert customer.settled(order_id)["outcome"] == "completed"


@pytest.mark.row("EVT-05")
def test_poison_says_why_it_died_and_dies_again_of_it(shop):
    poison = json.dumps({"detail": {"id": "poison-redriven", "type": "order.placed"}})
    url = shop.stack.queue_url("inventory", QUEUE)
    shop.stack.client("sqs").send_message(QueueUrl=url, MessageBody=poison)

    def dead_letter():
        return [each for each in looked_at(shop, CONSUMER) if each["body"] == poison]

    (first,) = eventually(dead_letter, bool, "the poison is a dead letter")
    assert first["reason"] == "MalformedEvent: not an event: KeyError: 'aggregate'"
    assert first["attributes"]["consumer"] == CONSUMER
    task(shop, "redrive_dead_letters")({"consumer": CONSUMER})
    (again,) = eventually(
        dead_letter,
        lambda found: bool(found) and "redrives" in found[0]["attributes"],
        "it is a dead letter again",
    )
    assert again["reason"] == first["reason"]
    assert again["attributes"]["redrives"] == "1"
    sqs, dead = shop.stack.client("sqs"), shop.stack.queue_url("inventory", DEAD)
    for message in sqs.receive_message(QueueUrl=dead, MaxNumberOfMessages=10)["Messages"]:
        sqs.delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])


@pytest.mark.row("EVT-06")
def test_a_replay_changes_nothing_where_everything_was_handled(shop, customer, product):
    mug = product(stock=3)
    order_id = customer.place((mug, 1)).json()["data"]["id"]
    customer.settled(order_id)
    shop.stock_becomes(mug, available=2, reserved=0, sold=1)

    def notifications():
        return customer.data("/api/v1/notifications")["items"]

    eventually(notifications, lambda items: len(items) == 2, "welcome and completion")
    before = notifications(), shop.item_count("notifications"), len(shop.stack.mails())
    replay = task(shop, "replay_events")
    stream = {"consumer": "notifications.notify_on_event", "aggregate": f"Order#{order_id}"}
    assert all_of(replay, stream)["sent"] == 1
    span = {"since": "2020-01-01T00:00:00Z", "until": "2100-01-01T00:00:00Z", "segments": 2}
    everything = {"consumer": "inventory.commit_stock", **span}
    sent = [all_of(replay, {**everything, "segment": number})["sent"] for number in range(2)]
    assert sum(sent) >= 1
    drained(shop, "notifications", "NotifyOnEventQueue")
    drained(shop, "inventory", "CommitStockQueue")
    assert (notifications(), shop.item_count("notifications"), len(shop.stack.mails())) == before
    shop.stock_becomes(mug, available=2, reserved=0, sold=1)


@pytest.mark.row("EVT-06")
def test_a_replay_makes_up_for_what_was_lost(shop, customer, product):
    order_id = customer.place((product(), 1)).json()["data"]["id"]
    customer.settled(order_id)

    def notifications():
        return [each["kind"] for each in customer.data("/api/v1/notifications")["items"]]

    eventually(notifications, lambda kinds: "order_completed" in kinds, "the customer is notified")
    dynamodb, table = shop.stack.client("dynamodb"), shop.stack.table("notifications")
    pages = dynamodb.get_paginator("scan").paginate(TableName=table, ConsistentRead=True)
    items = [item for page in pages for item in page["Items"]]
    (lost,) = {
        item["id"]["S"]
        for item in items
        if item.get("kind") == {"S": "order_completed"} and item["user_id"] == {"S": customer.id}
    }
    for item in items:
        if item["PK"]["S"].endswith(f"#{lost}"):
            dynamodb.delete_item(TableName=table, Key={"PK": item["PK"], "SK": item["SK"]})
    assert "order_completed" not in notifications()
    replay = task(shop, "replay_events")
    asked = {"consumer": "notifications.notify_on_event", "aggregate": f"Order#{order_id}"}
    assert replay(asked)["sent"] == 1
    eventually(
        notifications,
        lambda kinds: kinds.count("order_completed") == 1,
        "the customer is notified",
    )


@pytest.mark.row("EVT-06")
def test_what_makes_no_sense_is_refused_in_a_sentence(shop):
    with pytest.raises(
        TaskRefused, match=r"no consumer orders\.nobody\. Did you mean orders\.\w+\?"
    ):
        task(shop, "replay_events")({"consumer": "orders.nobody", "aggregate": "Order#1"})
    with pytest.raises(TaskRefused, match="limit: Must be a whole number"):
        task(shop, "redrive_dead_letters")({"consumer": CONSUMER, "limit": 0})


@pytest.mark.row("EVT-03")
def test_sales_hears_of_a_large_order_and_of_no_other(shop, customer, product):
    piano = product(stock=5, price=60_000)
    small = customer.place((piano, 1)).json()["data"]["id"]
    large = customer.place((piano, 2)).json()["data"]["id"]
    for order_id in (small, large):
        customer.settled(order_id)

    def mails(order_id):
        return [
            mail
            for mail in shop.stack.mails()
            if mail["Subject"].startswith("Large order") and order_id in mail["BodyText"]
        ]

    eventually(lambda: mails(large), bool, "sales hears of the large order")
    drained(shop, "notifications", "NotifySalesQueue")
    assert len(mails(large)) == 1
    assert mails(small) == []


@pytest.mark.row("MET-04")
def test_alarms_and_dashboards_are_there(shop):
    cloudwatch = shop.stack.client("cloudwatch")
    pages = cloudwatch.get_paginator("describe_alarms").paginate()
    alarms = [alarm for page in pages for alarm in page["MetricAlarms"]]
    assert len(alarms) > 60
    queues = {
        queue.rsplit("/", 1)[-1]
        for service in shop.stack.description.services.values()
        for queue in service.queues.values()
    }
    watched = {
        dimension["Value"]
        for alarm in alarms
        for dimension in alarm["Dimensions"]
        if dimension["Name"] == "QueueName"
    }
    assert watched == queues
    assert all(alarm["AlarmActions"] for alarm in alarms)
    names = [entry["DashboardName"] for entry in cloudwatch.list_dashboards()["DashboardEntries"]]
    assert len(names) == len(stacks())
    for name in names:
        body = json.loads(cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"])
        assert body["widgets"]
        assert "${" not in json.dumps(body)


@pytest.mark.row("OPS-02")
def test_migrations_are_rehearsed_and_run_by_the_deployed_task(shop, product):
    dynamodb, table = shop.stack.client("dynamodb"), shop.stack.table("catalog")
    old = {"PK": {"S": f"Product#{product()}"}, "SK": {"S": "STATE"}}
    dynamodb.update_item(TableName=table, Key=old, UpdateExpression="REMOVE category, tags")
    migrate = task(shop, "run_migrations")

    def ended(**asked):
        *_, last = until_done(migrate, {"context": "catalog", **asked})
        return last["migrations"][0]  # the first of them; those after it are done as well

    rehearsed = ended(dry_run=True)
    assert (rehearsed["state"], rehearsed["changed"]) == ("rehearsed", 1)
    assert rehearsed["examples"][0]["after"] == {"category": "uncategorised", "tags": []}
    done = ended()
    assert (done["state"], done["changed"]) == ("done", 1)
    item = dynamodb.get_item(TableName=table, Key=old, ConsistentRead=True)["Item"]
    assert item["category"] == {"S": "uncategorised"}
    states = migrate({})["contexts"]["catalog"]
    assert {each["state"] for each in states} == {"done"}
    assert states[0]["changed"] == 1
    with pytest.raises(TaskRefused, match="no migrations for weather"):
        migrate({"context": "weather"})
