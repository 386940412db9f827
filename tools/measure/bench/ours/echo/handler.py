"""POST /items — our runtime without an AWS call: what the framework itself costs a request."""

from shared.platform.http.app import create_app, lambda_handler

# isort: split
from pydantic import BaseModel, ConfigDict

from shared.platform.access.security import public
from shared.platform.http.reply import Reply
from shared.platform.telemetry.logging import get_logger

app = create_app("bench")


class Item(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid")

    name: str
    quantity: int


@app.post("/items", dependencies=[public])
async def endpoint(body: Item) -> Reply[Item]:
    get_logger("bench").info("echoed", item_name=body.name)
    return Reply(body)


handler = lambda_handler(app)
