"""Data from anywhere against a model: the model, or the one validation error with everything."""

from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from shared.kernel.errors import FieldError, ValidationFailed

M = TypeVar("M", bound=BaseModel)


def validate(data: Any, model: type[M]) -> M:
    """Return *data* as a *model*; `ValidationFailed` lists everything that is wrong with it."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise ValidationFailed(None, field_errors(error)) from None


def field_errors(error: ValidationError) -> list[FieldError]:
    """Return pydantic's findings in our form, without the values: they may be secrets."""
    return [
        {"loc": list(found["loc"]), "msg": found["msg"], "type": found["type"]}
        for found in error.errors(include_url=False, include_context=False, include_input=False)
    ]
