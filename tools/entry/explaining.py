"""Words for the exceptions of others that reach a person: AWS, the network, files, the domain."""

import sys
import urllib.error
from collections.abc import Iterator
from typing import Any

_CREDENTIALS = "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
_REFUSED = {
    "ExpiredToken": "Your AWS session has expired. Sign in again.",
    "ExpiredTokenException": "Your AWS session has expired. Sign in again.",
    "InvalidClientTokenId": f"AWS does not know these credentials. {_CREDENTIALS}",
    "InvalidSignatureException": f"AWS does not accept these credentials. {_CREDENTIALS}",
    "UnrecognizedClientException": f"AWS does not know these credentials. {_CREDENTIALS}",
}


def explanation(error: Exception) -> list[str]:
    """Return a sentence about *error* and what to do; nothing for what nobody foresaw."""
    if error.__cause__ and isinstance(error.__cause__, Exception) and _is_fault(error):
        return explanation(error.__cause__) or [str(error)]
    for explain in (_of_aws, _of_http, _of_files, _of_imports, _of_the_domain):
        if lines := list(explain(error)):
            return lines
    return []


def _is_fault(error: Exception) -> bool:
    faults = sys.modules.get("shared.platform.runtime.errors")
    return faults is not None and isinstance(error, faults.SystemFault)


def _of_aws(error: Exception) -> Iterator[str]:
    if "botocore.exceptions" not in sys.modules:
        return
    from botocore import exceptions as aws  # noqa: PLC0415  # loaded, or it was not AWS

    match error:
        case aws.NoRegionError():
            yield "No AWS region is set."
            yield "Set AWS_REGION, such as AWS_REGION=eu-west-1."
        case aws.ProfileNotFound():
            yield f"{error}."
            yield "`aws configure list-profiles` shows those that there are."
        case (
            aws.NoCredentialsError()
            | aws.PartialCredentialsError()
            | aws.CredentialRetrievalError()
            | aws.SSOError()
            | aws.TokenRetrievalError()
        ):
            yield "There are no AWS credentials that work here."
            yield f"{_CREDENTIALS} `aws sts get-caller-identity` shows who you are."
        case aws.EndpointConnectionError() | aws.HTTPClientError():
            yield from _silent(str(error.kwargs.get("endpoint_url") or error))
        case aws.ClientError():
            known: Any = error.response.get("Error", {})
            code, said = known.get("Code", ""), known.get("Message", "")
            yield _REFUSED.get(code) or f"AWS refused {error.operation_name}: {said or code}"
            if "AccessDenied" in code:
                yield "Ask with a role that may do it: `aws sts get-caller-identity` shows yours."
            elif "NotFound" in code:
                yield "Is the name right, and is it in this account and region?"
        case aws.BotoCoreError():
            yield f"AWS cannot be asked: {error}"


def _of_http(error: Exception) -> Iterator[str]:
    if isinstance(error, urllib.error.URLError):
        yield from _silent(str(getattr(error, "url", "") or error.reason))
    elif "httpx" in sys.modules and isinstance(error, sys.modules["httpx"].TransportError):
        yield from _silent(str(error.request.url) if getattr(error, "_request", None) else "")


def _silent(where: str) -> Iterator[str]:
    yield f"Nothing answers{' at ' if '://' in where else ': ' if where else ''}{where}."
    yield "The local stack: stop it with Ctrl-C and start it again (make run). AWS: is the region"
    yield "right, and the network there?"


def _of_files(error: Exception) -> Iterator[str]:
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        yield f"{where}{error.strerror}."
    elif isinstance(error, UnicodeDecodeError):
        yield f"This is no text in {error.encoding}: {error.reason}."


def _of_imports(error: Exception) -> Iterator[str]:
    if isinstance(error, ModuleNotFoundError):
        yield f"The package {error.name} is not installed here."
        yield "`make setup` installs what the tools need; they run with .venv/bin/python."


def _of_the_domain(error: Exception) -> Iterator[str]:
    if "shared.kernel.errors" in sys.modules:
        from shared.kernel.errors import DomainError  # noqa: PLC0415  # as above

        if isinstance(error, DomainError):
            yield f"Refused: {error.message}"
    if "shared.platform.runtime.errors" in sys.modules:
        from shared.platform.runtime.errors import SystemFault  # noqa: PLC0415  # as above

        if isinstance(error, SystemFault):
            yield str(error)
    if "shared.platform.migrations.migration" in sys.modules:
        from shared.platform.migrations.migration import UnsoundMigration  # noqa: PLC0415

        if isinstance(error, UnsoundMigration):
            yield str(error)
