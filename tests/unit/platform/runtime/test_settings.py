import pytest

from shared.platform.runtime.errors import ConfigurationError
from shared.platform.runtime.settings import Environment, LogFormat, Settings, load

pytestmark = pytest.mark.row("OPS-01")


def test_settings_are_read_and_converted():
    known = load(
        Settings,
        {
            "SERVICE": "orders",
            "ENVIRONMENT": "staging",
            "LOG_FORMAT": "console",
            "MAX_PAGE_SIZE": "50",
        },
    )
    assert (known.service, known.environment) == ("orders", Environment.STAGING)
    assert (known.log_format, known.max_page_size) == (LogFormat.CONSOLE, 50)


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SERVICE", None),
        ("ENVIRONMENT", "moon"),
        ("LOG_LEVEL", "LOUD"),
        ("LOG_FORMAT", "xml"),
        ("MAX_BODY_BYTES", "many"),
        ("MAX_BODY_BYTES", "0"),
        ("DEFAULT_PAGE_SIZE", "101"),
        ("SERVICE", ""),
        ("MAX_PAGE_SIZE", "1_000"),
        ("MAX_PAGE_SIZE", " 50"),
        ("MAX_PAGE_SIZE", "\u0663\u0660"),
        ("MAX_PAGE_SIZE", "9" * 5000),
    ],
)
def test_a_wrong_setting_names_itself(variable, value):
    environ = {"SERVICE": "orders", variable: value}
    environ = {name: text for name, text in environ.items() if text is not None}
    with pytest.raises(ConfigurationError, match=variable) as caught:
        load(Settings, environ)
    assert caught.value.details["setting"] == variable
