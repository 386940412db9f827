"""Which services identity's functions use, built on first use."""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.platform.aws.clients import client, dynamodb
from shared.platform.runtime.services import Services, provides
from shared.platform.runtime.settings import load, settings

if TYPE_CHECKING:
    from shared.identity.adapters.access_tokens import AccessTokens
    from shared.identity.adapters.argon2_hasher import Argon2Hasher
    from shared.identity.adapters.device_tokens import DeviceTokens
    from shared.identity.adapters.profile_reader import DynamoProfileReader
    from shared.identity.adapters.signing_keys import SigningKeys
    from shared.identity.adapters.unit_of_work import DynamoIdentityUnitOfWork
    from shared.identity.queries.get_profile import GetProfileHandler
    from shared.identity.queries.identify_caller import IdentifyCallerHandler
    from shared.identity.use_cases.log_in import LogInHandler
    from shared.identity.use_cases.register_user import RegisterUserHandler

# ruff: noqa: PLC0415  # a function loads only the modules that its endpoint needs


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSettings:
    """Where the signing keys come from, and what tokens say of their issuer and audience."""

    signing_secret_arn: str
    token_issuer: str
    token_audience: str


@provides
def token_settings(_: Services) -> TokenSettings:
    return load(TokenSettings, os.environ)


@provides
def identity_unit_of_work(_: Services) -> "DynamoIdentityUnitOfWork":
    from shared.identity.adapters.unit_of_work import DynamoIdentityUnitOfWork

    return DynamoIdentityUnitOfWork(dynamodb(), settings().table_name)


@provides
def password_hasher(_: Services) -> "Argon2Hasher":
    from shared.identity.adapters.argon2_hasher import Argon2Hasher

    return Argon2Hasher()


@provides
def signing_keys(services: Services) -> "SigningKeys":
    from shared.identity.adapters.signing_keys import SigningKeys
    from shared.platform.aws.secrets import SecretReader

    arn = services.get(TokenSettings).signing_secret_arn
    return SigningKeys(SecretReader(client("secretsmanager"), arn))


@provides
def access_tokens(services: Services) -> "AccessTokens":
    from shared.identity.adapters.access_tokens import AccessTokens
    from shared.kernel.clock import SystemClock

    known = services.get(TokenSettings)
    return AccessTokens(
        services.get(signing_keys),
        issuer=known.token_issuer,
        audience=known.token_audience,
        clock=SystemClock(),
    )


@provides
def device_tokens(_: Services) -> "DeviceTokens":
    from shared.identity.adapters.device_tokens import DeviceTokens
    from shared.platform.aws.secrets import service_secret

    return DeviceTokens(lambda: service_secret().get().versions)


@provides
def profiles(_: Services) -> "DynamoProfileReader":
    from shared.identity.adapters.profile_reader import DynamoProfileReader

    return DynamoProfileReader(dynamodb(), settings().table_name)


@provides
def register_user(services: Services) -> "RegisterUserHandler":
    from shared.identity.adapters.common_passwords import ZxcvbnPasswords
    from shared.identity.use_cases.register_user import RegisterUserHandler
    from shared.kernel.clock import SystemClock
    from shared.kernel.ids import new_id

    return RegisterUserHandler(
        uow=services.get(identity_unit_of_work),
        hasher=services.get(password_hasher),
        common_passwords=ZxcvbnPasswords(),
        clock=SystemClock(),
        ids=new_id,
    )


@provides
def log_in(services: Services) -> "LogInHandler":
    from shared.identity.use_cases.log_in import LogInHandler
    from shared.kernel.clock import SystemClock
    from shared.kernel.ids import new_id

    return LogInHandler(
        uow=services.get(identity_unit_of_work),
        hasher=services.get(password_hasher),
        clock=SystemClock(),
        ids=new_id,
        devices=services.get(device_tokens),
    )


@provides
def get_profile(services: Services) -> "GetProfileHandler":
    from shared.identity.queries.get_profile import GetProfileHandler

    return GetProfileHandler(profiles=services.get(profiles))


@provides
def identify_caller(services: Services) -> "IdentifyCallerHandler":
    from shared.identity.queries.identify_caller import IdentifyCallerHandler

    return IdentifyCallerHandler(
        tokens=services.get(access_tokens), profiles=services.get(profiles)
    )
