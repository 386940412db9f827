"""Runs last: what must hold for everything that the other tests of the stack caused."""

import re

import pytest

from tests.stack.shop import PASSWORD


@pytest.mark.row("LOG-05")
def test_no_log_line_of_the_whole_run_has_a_password_or_a_token(shop, customer):
    shop.http.post(
        "/api/v1/auth/login", json={"email": customer.email, "password": "wrong-" + PASSWORD}
    )
    shop.http.post(
        "/api/v1/auth/register", json={"email": "x", "password": PASSWORD, "extra": PASSWORD}
    )
    token = re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+")
    lines = shop.stack.logs()
    assert len(lines) > 100
    for line in lines:
        assert PASSWORD not in line.message
        assert not token.search(line.message), line.message
        assert customer.token not in line.message
