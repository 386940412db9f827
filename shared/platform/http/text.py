"""Text in request bodies: without control characters and without what turns text round."""

from typing import Annotated

from pydantic import Field

from shared.kernel.text import LINE_PATTERN, TEXT_PATTERN
from shared.platform.validation.sentences import form

Line = Annotated[
    str,
    Field(
        pattern=form(
            LINE_PATTERN, "Must be one line of text that can be seen, without control characters."
        )
    ),
]
"""One line: a name, a reason."""

Text = Annotated[
    str,
    Field(
        pattern=form(TEXT_PATTERN, "Must be text that can be seen, without control characters.")
    ),
]
"""Several lines: a description."""
