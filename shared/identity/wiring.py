"""Which services identity's functions use, built on first use."""

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shared.platform.aws.clients import client, dynamodb
from shared.platform.runtime.services import Services, provides
from shared.platform.runtime.settings import load, settings

if TYPE_CHECKING:
    from shared.identity.adapters.access_tokens import AccessTokenVerifier
    from shared.identity.adapters.api_key_summaries import DynamoApiKeySummaries
    from shared.identity.adapters.argon2_hasher import Argon2Hasher
    from shared.identity.adapters.cookie_credentials import CookieCredentials
    from shared.identity.adapters.csrf_tokens import CsrfTokens
    from shared.identity.adapters.device_tokens import DeviceTokens
    from shared.identity.adapters.jwk_set import JwkSet
    from shared.identity.adapters.key_ring_reader import DynamoKeyRingReader
    from shared.identity.adapters.key_secrets import EnvironmentKeys
    from shared.identity.adapters.profile_reader import DynamoProfileReader
    from shared.identity.adapters.refresh_tokens import RefreshTokens
    from shared.identity.adapters.rights_reader import DynamoRightsReader
    from shared.identity.adapters.session_reader import DynamoSessionReader
    from shared.identity.adapters.session_tokens import SessionTokens
    from shared.identity.adapters.token_signer import AccessTokenSigner
    from shared.identity.adapters.unit_of_work import DynamoIdentityUnitOfWork
    from shared.identity.queries.get_profile import GetProfileHandler
    from shared.identity.queries.get_user_permissions import GetUserPermissionsHandler
    from shared.identity.queries.identify_caller import IdentifyCallerHandler
    from shared.identity.queries.identify_program import IdentifyProgramHandler
    from shared.identity.queries.list_api_keys import ListApiKeysHandler
    from shared.identity.queries.list_sessions import ListSessionsHandler
    from shared.identity.queries.list_users import ListUsersHandler
    from shared.identity.use_cases.change_password import ChangePasswordHandler
    from shared.identity.use_cases.change_roles import ChangeRolesHandler
    from shared.identity.use_cases.create_api_key import CreateApiKeyHandler
    from shared.identity.use_cases.deactivate_user import DeactivateUserHandler
    from shared.identity.use_cases.end_session import EndSessionHandler
    from shared.identity.use_cases.grant_permission import GrantPermissionHandler
    from shared.identity.use_cases.log_in import LogInHandler
    from shared.identity.use_cases.log_out import LogOutHandler
    from shared.identity.use_cases.reactivate_user import ReactivateUserHandler
    from shared.identity.use_cases.refresh_tokens import RefreshTokensHandler
    from shared.identity.use_cases.register_user import RegisterUserHandler
    from shared.identity.use_cases.revoke_api_key import RevokeApiKeyHandler
    from shared.identity.use_cases.revoke_permission import RevokePermissionHandler
    from shared.identity.use_cases.rotate_signing_keys import RotateSigningKeysHandler

# ruff: noqa: PLC0415  # a function loads only the modules that its endpoint needs


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenSettings:
    """What tokens say of their issuer and audience, and since when keys have been published.

    `make leaked` sets ``SIGNING_KEYS_SINCE`` (RFC 3339): all keys that are older have leaked.
    """

    token_issuer: str
    token_audience: str
    signing_keys_since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningSettings:
    """Where the private keys come from: only what signs or rotates is told."""

    signing_secret_arn: str


@provides
def token_settings(_: Services) -> TokenSettings:
    return load(TokenSettings, os.environ)


def signing_secret_arn() -> str:
    """Return the secret that the private keys are made of."""
    return load(SigningSettings, os.environ).signing_secret_arn


@provides
def identity_unit_of_work(_: Services) -> "DynamoIdentityUnitOfWork":
    from shared.identity.adapters.unit_of_work import DynamoIdentityUnitOfWork

    return DynamoIdentityUnitOfWork(dynamodb(), settings().table_name)


@provides
def password_hasher(_: Services) -> "Argon2Hasher":
    from shared.identity.adapters.argon2_hasher import Argon2Hasher

    return Argon2Hasher()


@provides
def token_signer(services: Services) -> "AccessTokenSigner":
    from shared.identity.adapters.signing_keys import SigningKeys
    from shared.identity.adapters.token_signer import AccessTokenSigner
    from shared.platform.aws.secrets import SecretReader

    known = services.get(TokenSettings)
    secret = SecretReader(client("secretsmanager"), signing_secret_arn(), stages=("AWSCURRENT",))
    return AccessTokenSigner(
        SigningKeys(secret), issuer=known.token_issuer, audience=known.token_audience
    )


@provides
def token_verifier(services: Services) -> "AccessTokenVerifier":
    from shared.identity.adapters.access_tokens import AccessTokenVerifier
    from shared.identity.adapters.public_keys import PublicKeys
    from shared.kernel.clock import SystemClock

    known = services.get(TokenSettings)
    return AccessTokenVerifier(
        PublicKeys(services.get(published_keys), since=known.signing_keys_since),
        issuer=known.token_issuer,
        audience=known.token_audience,
        clock=SystemClock(),
    )


@provides
def published_keys(_: Services) -> "DynamoKeyRingReader":
    from shared.identity.adapters.key_ring_reader import DynamoKeyRingReader

    return DynamoKeyRingReader(dynamodb(), settings().table_name)


@provides
def jwk_set(services: Services) -> "JwkSet":
    from shared.identity.adapters.jwk_set import JwkSet

    return JwkSet(services.get(published_keys))


@provides
def rotate_signing_keys(services: Services) -> "RotateSigningKeysHandler":
    from shared.identity.adapters.signing_secret import ManagedSigningSecret
    from shared.identity.use_cases.rotate_signing_keys import RotateSigningKeysHandler
    from shared.kernel.clock import SystemClock

    return RotateSigningKeysHandler(
        uow=services.get(identity_unit_of_work),
        secret=ManagedSigningSecret(client("secretsmanager"), signing_secret_arn()),
        clock=SystemClock(),
    )


@provides
def device_tokens(_: Services) -> "DeviceTokens":
    from shared.identity.adapters.device_tokens import DeviceTokens
    from shared.platform.aws.secrets import service_secret

    return DeviceTokens(lambda: service_secret().get().versions)


@provides
def refresh_tokens(_: Services) -> "RefreshTokens":
    from shared.identity.adapters.refresh_tokens import RefreshTokens
    from shared.platform.aws.secrets import service_secret

    return RefreshTokens(
        lambda: service_secret().get().versions,
        fresh=lambda: service_secret().get(fresh=True).versions,
    )


@provides
def session_tokens(services: Services) -> "SessionTokens":
    from shared.identity.adapters.session_tokens import SessionTokens

    return SessionTokens(
        services.get(token_signer), services.get(refresh_tokens), services.get(csrf_tokens)
    )


@provides
def csrf_tokens(_: Services) -> "CsrfTokens":
    from shared.identity.adapters.csrf_tokens import CsrfTokens
    from shared.platform.aws.secrets import service_secret

    return CsrfTokens(lambda: service_secret().get().versions)


@provides
def cookie_credentials(services: Services) -> "CookieCredentials":
    from shared.identity.adapters.cookie_credentials import CookieCredentials

    return CookieCredentials(services.get(refresh_tokens), services.get(csrf_tokens))


@provides
def rights(_: Services) -> "DynamoRightsReader":
    from shared.identity.adapters.rights_reader import DynamoRightsReader

    return DynamoRightsReader(dynamodb(), settings().table_name)


@provides
def session_reader(_: Services) -> "DynamoSessionReader":
    from shared.identity.adapters.session_reader import DynamoSessionReader

    return DynamoSessionReader(dynamodb(), settings().table_name)


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
def refresh(services: Services) -> "RefreshTokensHandler":
    from shared.identity.use_cases.refresh_tokens import RefreshTokensHandler
    from shared.kernel.clock import SystemClock
    from shared.kernel.ids import new_id

    return RefreshTokensHandler(
        uow=services.get(identity_unit_of_work),
        tokens=services.get(refresh_tokens),
        clock=SystemClock(),
        ids=new_id,
    )


@provides
def log_out(services: Services) -> "LogOutHandler":
    from shared.identity.use_cases.log_out import LogOutHandler
    from shared.kernel.clock import SystemClock

    return LogOutHandler(
        uow=services.get(identity_unit_of_work),
        tokens=services.get(refresh_tokens),
        clock=SystemClock(),
    )


@provides
def end_session(services: Services) -> "EndSessionHandler":
    from shared.identity.use_cases.end_session import EndSessionHandler
    from shared.kernel.clock import SystemClock

    return EndSessionHandler(uow=services.get(identity_unit_of_work), clock=SystemClock())


@provides
def change_password(services: Services) -> "ChangePasswordHandler":
    from shared.identity.adapters.common_passwords import ZxcvbnPasswords
    from shared.identity.use_cases.change_password import ChangePasswordHandler
    from shared.kernel.clock import SystemClock

    return ChangePasswordHandler(
        uow=services.get(identity_unit_of_work),
        hasher=services.get(password_hasher),
        common_passwords=ZxcvbnPasswords(),
        devices=services.get(device_tokens),
        clock=SystemClock(),
    )


@provides
def deactivate_user(services: Services) -> "DeactivateUserHandler":
    from shared.identity.use_cases.deactivate_user import DeactivateUserHandler
    from shared.kernel.clock import SystemClock

    return DeactivateUserHandler(uow=services.get(identity_unit_of_work), clock=SystemClock())


@provides
def reactivate_user(services: Services) -> "ReactivateUserHandler":
    from shared.identity.use_cases.reactivate_user import ReactivateUserHandler

    return ReactivateUserHandler(uow=services.get(identity_unit_of_work))


@provides
def change_roles(services: Services) -> "ChangeRolesHandler":
    from shared.identity.use_cases.change_roles import ChangeRolesHandler
    from shared.platform.access.permissions import permissions_of

    return ChangeRolesHandler(uow=services.get(identity_unit_of_work), roles_give=permissions_of)


@provides
def grant_permission(services: Services) -> "GrantPermissionHandler":
    from shared.identity.use_cases.grant_permission import GrantPermissionHandler
    from shared.platform.access.permissions import permissions_of

    return GrantPermissionHandler(
        uow=services.get(identity_unit_of_work), roles_give=permissions_of
    )


@provides
def revoke_permission(services: Services) -> "RevokePermissionHandler":
    from shared.identity.use_cases.revoke_permission import RevokePermissionHandler
    from shared.platform.access.permissions import permissions_of

    return RevokePermissionHandler(
        uow=services.get(identity_unit_of_work), roles_give=permissions_of
    )


@provides
def get_user_permissions(services: Services) -> "GetUserPermissionsHandler":
    from shared.identity.queries.get_user_permissions import GetUserPermissionsHandler
    from shared.platform.access.permissions import permissions_of

    return GetUserPermissionsHandler(profiles=services.get(profiles), roles_give=permissions_of)


@provides
def list_sessions(services: Services) -> "ListSessionsHandler":
    from shared.identity.queries.list_sessions import ListSessionsHandler
    from shared.kernel.clock import SystemClock

    return ListSessionsHandler(sessions=services.get(session_reader), clock=SystemClock())


@provides
def list_users(_: Services) -> "ListUsersHandler":
    from shared.identity.adapters.user_list_reader import DynamoUserListReader
    from shared.identity.queries.list_users import ListUsersHandler
    from shared.platform.aws.secrets import service_secret
    from shared.platform.dynamodb.cursors import CursorCodec
    from shared.platform.dynamodb.paging import Pager

    cursors = CursorCodec(lambda: service_secret().get().versions)
    pager = Pager(dynamodb(), settings().table_name, cursors)
    return ListUsersHandler(users=DynamoUserListReader(pager))


@provides
def get_profile(services: Services) -> "GetProfileHandler":
    from shared.identity.queries.get_profile import GetProfileHandler

    return GetProfileHandler(profiles=services.get(profiles))


@provides
def identify_caller(services: Services) -> "IdentifyCallerHandler":
    from shared.identity.queries.identify_caller import IdentifyCallerHandler
    from shared.kernel.clock import SystemClock

    return IdentifyCallerHandler(
        tokens=services.get(token_verifier),
        keys=services.get(api_key_texts),
        rights=services.get(rights),
        clock=SystemClock(),
    )


@provides
def api_key_texts(_: Services) -> "EnvironmentKeys":
    from shared.identity.adapters.key_secrets import EnvironmentKeys

    return EnvironmentKeys(settings().environment)


@provides
def identify_program(services: Services) -> "IdentifyProgramHandler":
    from shared.identity.queries.identify_program import IdentifyProgramHandler
    from shared.kernel.clock import SystemClock

    return IdentifyProgramHandler(
        keys=services.get(api_key_texts), rights=services.get(rights), clock=SystemClock()
    )


@provides
def create_api_key(services: Services) -> "CreateApiKeyHandler":
    from shared.identity.use_cases.create_api_key import CreateApiKeyHandler
    from shared.kernel.clock import SystemClock

    return CreateApiKeyHandler(uow=services.get(identity_unit_of_work), clock=SystemClock())


@provides
def revoke_api_key(services: Services) -> "RevokeApiKeyHandler":
    from shared.identity.use_cases.revoke_api_key import RevokeApiKeyHandler
    from shared.kernel.clock import SystemClock

    return RevokeApiKeyHandler(uow=services.get(identity_unit_of_work), clock=SystemClock())


@provides
def api_key_summaries(_: Services) -> "DynamoApiKeySummaries":
    from shared.identity.adapters.api_key_summaries import DynamoApiKeySummaries

    return DynamoApiKeySummaries(dynamodb(), settings().table_name)


@provides
def list_api_keys(services: Services) -> "ListApiKeysHandler":
    from shared.identity.queries.list_api_keys import ListApiKeysHandler
    from shared.kernel.clock import SystemClock

    return ListApiKeysHandler(keys=services.get(api_key_summaries), clock=SystemClock())
