"""What several of identity's requests carry."""

from typing import Annotated

from pydantic import Field, SecretStr

# Generous bounds: the policy and its messages are the domain's. A bound there must be, because
# the password is normalised and hashed before anything else is known about the caller.
PasswordText = Annotated[
    SecretStr, Field(min_length=1, max_length=1_024, examples=["seven quiet otters at dusk"])
]
