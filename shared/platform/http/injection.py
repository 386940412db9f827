"""Services of the registry as FastAPI dependencies: ``handler: Inject[PlaceOrderHandler]``."""

from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from fastapi import Depends

from shared.platform.runtime.services import services

T = TypeVar("T")

_injected: list[type[Any]] = []


def build_injected() -> None:
    """Build every service that this function's endpoint asked for; once, whoever asks next."""
    while _injected:
        services.get(_injected.pop(0))


def _provider(service: type[T]) -> Any:
    async def provide() -> T:
        return services.get(service)

    provide.service = service  # type: ignore[attr-defined]  # for `Endpoint`, which asks itself
    return Depends(provide)


if TYPE_CHECKING:
    Inject = Annotated[T, None]
else:

    class Inject:
        """``Inject[X]``: the function's one instance of ``X``."""

        def __class_getitem__(cls, service: type[T]) -> Any:
            _injected.append(service)
            return Annotated[service, _provider(service)]
