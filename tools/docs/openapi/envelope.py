"""The shapes around the data, as models: what `shared.platform.http.envelope` writes by hand."""

from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, Field

T = TypeVar("T")

_ID = "0190a000-0000-7000-8000-0000000000b1"
_TIME = "2026-01-01T12:00:00.000Z"


class Meta(BaseModel):
    """What is known about the answer itself."""

    request_id: str = Field(examples=[_ID])
    correlation_id: str = Field(examples=[_ID])
    timestamp: str = Field(examples=[_TIME])
    warnings: list[str] | None = None
    idempotent_replay: bool | None = Field(
        default=None, description="This answer was given before, to the same Idempotency-Key."
    )


class Answer(BaseModel, Generic[T]):
    """Every answer that has data."""

    success: bool
    status_code: int
    type: Literal["success", "warning", "neutral", "error"]
    message: str
    data: T
    meta: Meta


class ItemPage(BaseModel, Generic[T]):
    """A page of a list, and where it lies in it. Pages by number have numbers as well."""

    items: list[T]
    has_next: bool
    has_prev: bool
    limit: int
    next_cursor: str | None = None
    prev_cursor: str | None = None
    total: int | None = None
    page: int | None = None
    page_size: int | None = None
    pages: int | None = None


class FieldProblem(BaseModel):
    """One thing wrong with one input: where, what, and the facts of the sentence."""

    loc: list[str | int] = Field(
        description="The path in the request, its source first",
        examples=[["body", "lines", 0, "quantity"]],
    )
    field: str = Field(
        description="The same in dots, without the source", examples=["lines.0.quantity"]
    )
    msg: str = Field(examples=["Must be at most 100."])
    type: str = Field(examples=["less_than_equal"])
    params: dict[str, Any] = Field(
        description="What the sentence names, for other languages: limit, allowed, nearest …",
        examples=[{"limit": 100}],
    )


class Error(BaseModel):
    """What went wrong: ``code`` is stable, ``details`` are for programs."""

    code: str = Field(examples=["VALIDATION_FAILED"])
    details: dict[str, Any]
    errors: list[FieldProblem]


class Failure(BaseModel):
    """Every answer that says no."""

    success: Literal[False]
    status_code: int
    type: Literal["error"]
    message: str
    data: None
    meta: Meta
    error: Error


class Problem(BaseModel):
    """The same as RFC 9457 problem details, for clients that accept them."""

    type: str = Field(examples=["urn:tradewind:error:validation-failed"])
    title: str
    status: int
    detail: str
    instance: str
    code: str
    details: dict[str, Any]
    errors: list[FieldProblem]
    meta: Meta
