"""The floor: one route on the usual stack, written by hand, nothing shared."""

import os

import boto3
from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from fastapi import FastAPI, HTTPException
from mangum import Mangum
from pydantic import BaseModel

logger = Logger()
metrics = Metrics()
tracer = Tracer()
dynamodb = boto3.client("dynamodb")
app = FastAPI()


class Item(BaseModel):
    id: str
    name: str


@app.get("/items/{item_id}")
def get_item(item_id: str) -> Item:
    metrics.add_metric("ItemRead", MetricUnit.Count, 1)
    found = dynamodb.get_item(
        TableName=os.environ["TABLE_NAME"],
        Key={"PK": {"S": f"Item#{item_id}"}, "SK": {"S": "STATE"}},
    )
    if "Item" not in found:
        raise HTTPException(404)
    logger.info("item read", item_id=item_id)
    return Item(id=item_id, name=found["Item"]["name"]["S"])


mangum = Mangum(app, lifespan="off")


@logger.inject_lambda_context
@tracer.capture_lambda_handler
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event, context):
    return mangum(event, context)
