"""A product's tag, read in either form, is good for asking again and for changing it."""

import pytest

from tests.functions.catalog.conftest import Service

pytestmark = pytest.mark.row("API-04", "MID-03")


@pytest.mark.parametrize(("accepted", "tag"), [("identity", '"1"'), ("gzip", '"1-gzip"')])
def test_a_tag_is_good_however_the_product_was_read(
    service: Service, accepted: str, tag: str
) -> None:
    product = service.create(overview="Holds tea." * 99).data["id"]
    read = service.get(product, accept_encoding=accepted)
    assert (read.headers["etag"], read.data["overview"]) == (tag, "Holds tea." * 99)
    assert service.get(product, accept_encoding=accepted, if_none_match=tag).status == 304
    assert service.update(product, {"overview": "Leaks."}, if_match=tag).status == 200
    assert service.update(product, {"overview": "Holds."}, if_match=tag).status == 412
