"""What stands before a service's functions: its API's stage, and which pages may call it.

CORS is the gateway's alone. It answers the preflights, and puts the headers on its own refusals as
on the functions' answers; a second source of them makes browsers refuse both.
"""

EXPOSED = (
    "allow", "deprecation", "etag", "idempotency-replayed", "link", "location", "ratelimit",
    "ratelimit-policy", "retry-after", "sunset", "www-authenticate", "x-correlation-id",
    "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "x-request-id",
)  # fmt: skip
"""The headers of answers that a page may read, besides those that it may anyway."""

TAKEN = (
    "accept", "accept-language", "authorization", "content-type", "idempotency-key", "if-match",
    "if-none-match", "x-correlation-id", "x-csrf-token",
)  # fmt: skip
"""The headers that a page may send."""

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")

_CORS = """
CorsConfiguration: !If
  - HasCors
  - AllowOrigins: !Split [",", !Ref CorsOrigins]
    AllowCredentials: true # pages of this site: SameSite keeps cookies from those of any other
    AllowMethods: [{methods}]
    AllowHeaders:
{taken}
    ExposeHeaders:
{exposed}
    MaxAge: 7200 # as long as any browser keeps it
  - !Ref AWS::NoValue
"""
_LIMITS = """
DefaultRouteSettings: # one API cannot take the whole account's share
  ThrottlingRateLimit: !Ref ApiRateLimit
  ThrottlingBurstLimit: !Ref ApiBurstLimit
"""
_LOG = """
AccessLogSettings:
  DestinationArn: !GetAtt ApiAccessLog.Arn
  Format: >-
    {"request_id":"$context.requestId","time":"$context.requestTime",
    "client_address":"$context.identity.sourceIp","method":"$context.httpMethod",
    "path":"$context.path","route":"$context.routeKey","status":"$context.status",
    "bytes":"$context.responseLength","latency_ms":"$context.responseLatency",
    "function_ms":"$context.integrationLatency","error":"$context.error.message",
    "function_error":"$context.integrationErrorMessage",
    "authorizer_error":"$context.authorizer.error"}
"""
_LOG_GROUP = """
ApiAccessLog: # what never reaches a function is here alone
  Type: AWS::Logs::LogGroup
  UpdateReplacePolicy: Delete
  DeletionPolicy: Delete
  Properties:
    LogGroupName: !Sub /aws/vendedlogs/${AWS::StackName}-api
    RetentionInDays: !Ref LogRetentionDays
"""


def stage() -> dict[str, str]:
    """Return what every API is given, by property."""
    listed = {"taken": _listed(TAKEN), "exposed": _listed(EXPOSED)}
    return {
        "CorsConfiguration": _CORS.format(methods=", ".join(METHODS), **listed).strip("\n"),
        "DefaultRouteSettings": _LIMITS.strip("\n"),
        "AccessLogSettings": _LOG.strip("\n"),
    }


def resources() -> dict[str, str]:
    """Return what stands beside the API."""
    return {"ApiAccessLog": _LOG_GROUP}


def _listed(names: tuple[str, ...]) -> str:
    return "\n".join(f"      - {name}" for name in names)
