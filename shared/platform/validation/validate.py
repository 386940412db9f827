"""Data from anywhere against a model: the model, or the one validation error with everything."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from shared.kernel.errors import FieldError, ValidationFailed
from shared.platform.validation.sentences import explain

M = TypeVar("M", bound=BaseModel)


def validate(data: Any, model: type[M], *, at: Sequence[str | int] = ()) -> M:
    """Return *data* as a *model*; `ValidationFailed` lists everything that is wrong with it.

    *at* is where the data are in what was sent.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        found = field_errors(error)
        raise ValidationFailed(
            None, [{**each, "loc": [*at, *each["loc"]]} for each in found]
        ) from None


def field_errors(error: ValidationError) -> list[FieldError]:
    """Return pydantic's findings in our form, without the values: they may be secrets."""
    return [_ours(found) for found in error.errors(include_url=False, include_input=False)]


def _ours(found: Mapping[str, Any]) -> FieldError:
    text, params = explain(found["type"], found.get("ctx") or {})
    return {"loc": [*found["loc"]], "msg": text, "type": found["type"], "params": params}
