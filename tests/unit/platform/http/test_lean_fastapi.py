"""FastAPI is imported lean, and pydantic is afterwards as if nothing had happened."""

from fastapi.openapi.models import OpenAPI
from pydantic import BaseModel, TypeAdapter

from shared.platform.http import lean_fastapi


def test_pydantic_builds_at_once_again() -> None:
    class Order(BaseModel):
        id: str

    assert lean_fastapi.FastAPI
    assert "defer_build" not in BaseModel.model_config
    assert BaseModel.model_rebuild.__module__ == "pydantic.main"
    assert Order.__pydantic_complete__


def test_what_was_put_off_is_built_when_it_is_used() -> None:
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Orders", "version": "1"},
        "paths": {"/orders": {"get": {"responses": {"200": {"description": "OK"}}}}},
        "components": {"schemas": {"Order": {"type": "object", "required": ["id"]}}},
    }
    assert TypeAdapter(OpenAPI).validate_python(document).info.title == "Orders"
