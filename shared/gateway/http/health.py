"""How the answer about this function's health looks."""

from typing import Literal

from shared.platform.http.models import View


class HealthBody(View):
    """The function runs; what the system stands on is another question."""

    status: Literal["ok"] = "ok"
