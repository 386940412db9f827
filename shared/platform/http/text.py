"""Text in request bodies: without control characters and without what turns text round."""

from typing import Annotated

from pydantic import Field

from shared.kernel.text import LINE_PATTERN, TEXT_PATTERN

Line = Annotated[str, Field(pattern=LINE_PATTERN)]
"""One line: a name, a reason."""

Text = Annotated[str, Field(pattern=TEXT_PATTERN)]
"""Several lines: a description."""
