"""The floor: one route that stores what it is sent, written by hand, nothing shared."""

import os
import uuid

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from fastapi import FastAPI
from mangum import Mangum
from pydantic import BaseModel

logger = Logger()
metrics = Metrics()
tracer = Tracer()
dynamodb = boto3.client("dynamodb")
app = FastAPI()


class NewItem(BaseModel):
    name: str
    quantity: int


class Item(NewItem):
    id: str


@app.post("/items", status_code=201)
def create_item(body: NewItem) -> Item:
    metrics.add_metric("ItemCreated", MetricUnit.Count, 1)
    item = Item(id=str(uuid.uuid4()), name=body.name, quantity=body.quantity)
    dynamodb.put_item(
        TableName=os.environ["TABLE_NAME"],
        Item={
            "PK": {"S": f"Item#{item.id}"},
            "SK": {"S": "STATE"},
            "name": {"S": item.name},
            "quantity": {"N": str(item.quantity)},
        },
    )
    logger.info("item created", item_id=item.id)
    return item


mangum = Mangum(app, lifespan="off")


@logger.inject_lambda_context
@tracer.capture_lambda_handler
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event, context):
    return mangum(event, context)
