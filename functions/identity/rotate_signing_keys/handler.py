"""Every quarter of an hour — take the signing keys one step on.

A deployment invokes it as well, before the authorizer needs the first key, and so does whoever is
on call when a key has leaked.
"""

from shared.platform.entry.task import task_handler
from shared.identity import wiring
from shared.identity.tasks import rotate_command
from shared.identity.use_cases.rotate_signing_keys import RotateSigningKeysHandler
from shared.platform.entry.custom_resource import custom_resource

handler = custom_resource(
    task_handler(wiring, "rotate_signing_keys", rotate_command, RotateSigningKeysHandler),
    "signing-keys",
)
