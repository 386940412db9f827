"""Every sentence that an answer opens with, in one place.

Refusals are found by their code, successes by the endpoint's method and path; ``{names}`` are
filled from the refusal's details or the values that the endpoint gives. A sentence is for people:
programs read codes and details.
"""

from collections.abc import Mapping

TEMPLATES: Mapping[str, str] = {
    # --- what went well, by endpoint ---
    "GET /.well-known/jwks.json": "These are the keys that access tokens are verified with.",
    "GET /health": "This function runs.",
    "GET /health/ready": "Everything answers.",
    "POST /api/v1/auth/login": "Welcome back.",
    "POST /api/v1/auth/register": "Your account is open. You can log in now.",
    "GET /api/v1/users/me": "This is you.",
    "GET /api/v1/products": "{count} products.",
    "GET /api/v1/customers/{customer_id}/summary": "This is what the customer has ordered.",
    "POST /api/v1/products": "The product is in the catalog.",
    "GET /api/v1/products/{product_id}": "Here is the product.",
    "PATCH /api/v1/products/{product_id}": "The product is changed.",
    "GET /api/v2/products": "{count} products.",
    "POST /api/v2/products": "The product is in the catalog.",
    "GET /api/v2/products/{product_id}": "Here is the product.",
    "PATCH /api/v2/products/{product_id}": "The product is changed.",
    "GET /api/v2/products/{product_id}/details": "Here is all about the product.",
    "POST /api/v1/business-rules/{subject}": "The rule is added.",
    "GET /api/v1/business-rules/{subject}": "{count} rules.",
    "POST /api/v1/business-rules/{subject}/validate": "This is what the rules say.",
    "POST /api/v1/business-rules/{subject}/{business_rule_id}/end": "The rule has ended.",
    "GET /api/v1/flags": "These are the feature flags.",
    "PUT /api/v1/flags/{name}": "The flag is set; functions see it within half a minute.",
    "GET /api/v1/inventory/{product_id}": "This is what is in stock.",
    "POST /api/v1/inventory/{product_id}/adjustments": "The stock is adjusted.",
    "GET /api/v1/orders": "{count} orders.",
    "GET /api/v1/orders/stuck": "{count} orders wait.",
    "POST /api/v1/orders": "Your order is placed.",
    "GET /api/v1/orders/{order_id}": "Here is the order.",
    "POST /api/v1/orders/{order_id}/cancel": "The order is cancelled.",
    "GET /api/v1/orders/{order_id}/history": "{count} events of this order.",
    "GET /api/v1/payments/{order_id}": "This is what became of the order's money.",
    "GET /api/v1/notifications": "{count} notifications.",
    "200": "Done.",
    "201": "Created.",
    "202": "Accepted.",
    "503": "Something that is needed does not answer.",
    # --- refusals of every context, by code ---
    "DOMAIN_ERROR": "This is not possible.",
    "NOT_FOUND": "There is no such thing.",
    "RESOURCE_NOT_FOUND": "There is no {resource} with this id.",
    "ALREADY_EXISTS": "It is there already.",
    "AUTHENTICATION_FAILED": "Please log in.",
    "TOO_MANY_ATTEMPTS": "Too many attempts have failed. Please wait and try again.",
    "PERMISSION_DENIED": "You may not do this.",
    "BUSINESS_RULE_VIOLATION": "A rule of the shop forbids this.",
    "OPERATION_NOT_ALLOWED": "This can never be done here.",
    "INVALID_STATE": "This is not possible now: it is {current}.",
    "VALIDATION_FAILED": "The request is not valid.",
    "BROKEN_RULES": "Rules of the shop forbid this.",
    "CONCURRENT_UPDATE": "Somebody else changed this at the same time. Please try again.",
    "STALE_AGGREGATE": "The object was changed by somebody else. Please try again.",
    "PRECONDITION_FAILED": "It has been changed since you read it.",
    "IDEMPOTENCY_IN_FLIGHT": "A request with this idempotency key is still in progress.",
    "IDEMPOTENCY_KEY_REUSED": "This idempotency key was used for a different request.",
    "INVALID_TOKEN": "The credentials are not valid.",
    # --- refusals of one context ---
    "PRODUCT_NOT_FOUND": "Product not found.",
    "PRODUCTS_NOT_FOUND": "{count} of the products do not exist.",
    "MNEMONIC_TAKEN": "Another product is called {mnemonic}.",
    "PRICE_CHANGE_TOO_LARGE": (
        "A price change over {limit_percent} % needs a product administrator."
    ),
    "PRODUCT_CHANGED": "The product has been changed since you read it.",
    "BUSINESS_RULE_NOT_FOUND": "There is no such rule, or it has ended.",
    "TOO_MANY_RULES": "No more than {limit} rules at a time; end one first.",
    "INSUFFICIENT_STOCK": "Only {available} units are available.",
    "STOCK_LIMIT_EXCEEDED": "No more than {limit} units of a product.",
    "STOCK_NOT_FOUND": "This product has never been in stock.",
    "RESERVATION_NOT_FOUND": "Nothing is reserved for this order.",
    "ORDER_NOT_FOUND": "There is no such order.",
    "MIXED_CURRENCIES": "An order is paid in one currency; these products are in {currencies}.",
    "PAYMENT_NOT_FOUND": "There is no payment for this order.",
    "EMAIL_TAKEN": "This e-mail address has an account already.",
    "USER_NOT_FOUND": "User not found.",
    "CUSTOMER_NOT_FOUND": "There is no such customer.",
    "CONTACT_UNKNOWN": "Nobody knows yet where to reach this user.",
    "INVALID_CREDENTIALS": "E-mail or password is wrong.",
    "WEAK_PASSWORD": "This password would be guessed too soon.",
    "FLAG_NOT_FOUND": "There is no such feature flag.",
    "CONSUMER_UNKNOWN": "There is no consumer {consumer}.",
    "MIGRATION_UNSOUND": "The migration does what none may: {reason}. That item is untouched.",
    # --- requests that nobody can carry out ---
    "INVALID_CURSOR": "The cursor does not belong to this query.",
    "INVALID_SORT_FIELD": (
        "Cannot sort by {wanted}; allowed: {allowed} (or all its fields with - before them)."
    ),
    "PAGE_TOO_DEEP": (
        "Page numbers end at {last_page} for pages of {page_size}; go on with the cursor."
    ),
    "ROUTE_NOT_FOUND": "There is nothing at this address.",
    "METHOD_NOT_ALLOWED": "This address does not take this method.",
    "MALFORMED_BODY": "The body cannot be read: {reason}.",
    "BAD_REQUEST": "The request cannot be understood.",
    "MALFORMED_REQUEST": "The request has parts that cannot be read.",
    "INVALID_IDEMPOTENCY_KEY": "Idempotency-Key must be 1 to 255 visible ASCII characters.",
    "HEADERS_TOO_LARGE": "The request's headers are too large.",
    "PATH_TOO_LONG": "The request's path is too long.",
    "QUERY_TOO_LONG": "The request's query is too long.",
    "BODY_TOO_LARGE": "The body is larger than {limit} bytes.",
    "UNSUPPORTED_MEDIA_TYPE": "Send the body as application/json, uncompressed.",
    "REPEATED_PARAMETER": "A query parameter must not be given more than once.",
    "RATE_LIMIT_EXCEEDED": "Too many {what}. Please try again in {seconds} seconds.",
    # --- what is not the caller's doing ---
    "INTERNAL_ERROR": "Something went wrong on our side.",
    "TEMPORARILY_UNAVAILABLE": "The service is busy. Please try again.",
    "AUTHORIZER_UNAVAILABLE": "Your credentials cannot be checked right now. Please try again.",
    "NETWORK_ERROR": "A service we depend on cannot be reached. Please try again.",
    "EXTERNAL_SERVICE_ERROR": "A service we depend on failed. Please try again.",
    "TIMEOUT": "This took too long. Please try again.",
}


def say(key: str, /, **values: object) -> str:
    """Return the sentence for *key* with *values* filled in; lists are joined by commas.

    `KeyError` for a key that has none, or a value that is missing: both are mistakes of ours.
    """
    template = TEMPLATES[key]
    if "{" not in template:
        return template
    return template.format_map({name: _shown(value) for name, value in values.items()})


def _shown(value: object) -> object:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else value
