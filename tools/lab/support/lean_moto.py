"""Moto without two detours; it answers the same.

Its DynamoDB asks the value of every attribute for each of the ten types, under up to six names
each, when it writes an answer. A value is a plain dict that names its one type, so only that is
looked for: writing answers was half of what a test on moto took.

And when a test begins, it prepares 1 300 answers for whoever calls AWS through ``requests``, not
botocore. Nobody does.
"""

from typing import Any

from moto.core import models
from moto.core.model import StructureShape
from moto.core.serialize import SERVICE_SPECIFIC_SERIALIZERS, JSONSerializer


class Answers(JSONSerializer):
    """Writes the value of an attribute by the type that it names, all else as moto does."""

    def _serialize_type_structure(
        self, serialized: Any, value: Any, shape: StructureShape, key: str
    ) -> None:
        if shape.name == "AttributeValue" and key and type(value) is dict and len(value) == 1:
            ((kind, held),) = value.items()
            if kind in shape.members and held is not None:
                written: dict[str, Any] = {}
                self._serialize(written, held, shape.members[kind], kind)
                self._default_serialize(serialized, written, shape, key)
                return
        super()._serialize_type_structure(serialized, value, shape, key)


def install() -> None:
    """Take the detours away for this process."""
    SERVICE_SPECIFIC_SERIALIZERS["dynamodb"] = {"json": Answers}
    models.RESPONSES_METHODS.clear()
