"""The floor without an AWS call: what the framework itself costs a request."""

from aws_lambda_powertools import Logger, Metrics, Tracer
from aws_lambda_powertools.metrics import MetricUnit
from fastapi import FastAPI
from mangum import Mangum
from pydantic import BaseModel

logger = Logger()
metrics = Metrics()
tracer = Tracer()
app = FastAPI()


class Item(BaseModel):
    name: str
    quantity: int


@app.post("/items")
def echo(body: Item) -> Item:
    metrics.add_metric("Echoed", MetricUnit.Count, 1)
    logger.info("echoed", item_name=body.name)
    return body


mangum = Mangum(app, lifespan="off")


@logger.inject_lambda_context
@tracer.capture_lambda_handler
@metrics.log_metrics(capture_cold_start_metric=True)
def handler(event, context):
    return mangum(event, context)
