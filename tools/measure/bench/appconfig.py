"""What AppConfig answers: moto knows neither its data plane nor all of its control plane."""

import re

_DOCUMENT = '{"none_set_yet": {"default": true}}'
_JSON = {"Content-Type": "application/json"}
_ANSWERS = (
    ("GET", "/hostedconfigurationversions", 200, _JSON, '{"Items": []}'),
    ("POST", "/hostedconfigurationversions", 201, _JSON | {"Version-Number": "1"}, _DOCUMENT),
    ("POST", "/deployments", 201, _JSON, '{"DeploymentNumber": 1, "State": "DEPLOYING"}'),
    ("POST", "/configurationsessions", 201, _JSON, '{"InitialConfigurationToken": "first"}'),
    (
        "GET",
        "/configuration",
        200,
        _JSON
        | {
            "Next-Poll-Configuration-Token": "second",
            "Next-Poll-Interval-In-Seconds": "30",
            "Version-Label": "1",
        },
        _DOCUMENT,
    ),
)
_HOST = re.compile(r"https://appconfig(data)?\.[a-z0-9-]+\.amazonaws\.com/")


def answered(method: str, url: str) -> tuple[int, dict[str, str], str] | None:
    """Status, headers and body of AppConfig's answer; nothing for a call to another service."""
    if not _HOST.match(url):
        return None
    path = url.partition("?")[0]
    return next(
        (status, headers, body)
        for verb, end, status, headers, body in _ANSWERS
        if verb == method and path.endswith(end)
    )
