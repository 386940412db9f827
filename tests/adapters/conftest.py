"""Adapters keep the same promises on every engine, so these tests run on each."""

import pytest

from tests.support.tiers import DYNAMODB_LOCAL


@pytest.fixture(params=["moto", DYNAMODB_LOCAL])
def engine(request: pytest.FixtureRequest) -> str:
    """Run the test once on moto and once on DynamoDB Local."""
    name: str = request.param
    return name
