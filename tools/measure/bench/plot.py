"""The plot beside the page: every function's cold start and warm request against the floor.

Plain SVG, readable on light and dark pages: the colours follow what the reader prefers.
"""

from collections.abc import Iterator
from itertools import groupby
from xml.sax.saxutils import escape

from tools.measure.bench.bars import HTTP_LIMIT, OTHERS_LIMIT, Results
from tools.measure.bench.cases import Case
from tools.measure.bench.variants import FLOOR, FLOOR_CREATE

_ROW, _HEAD, _GAP = 15, 40, 20
_NAMES, _PANEL, _BETWEEN, _MARGIN = 200, 270, 80, 50
_COLD_MOST, _WARM_MOST = 1.0, 2.5  # ratios at the right end of each panel
_STYLE = """\
  text { font: 11px system-ui, sans-serif; fill: #24292f; }
  .title { font-weight: 600; } .context { font-weight: 600; } .value, .axis { fill: #57606a; }
  .name, .value { text-anchor: end; } .kept { fill: #4269d0; } .missed { fill: #d1495b; }
  .other { fill: #8a94a6; } .limit { stroke: #24292f; stroke-width: 1.5; }
  .floor { stroke: #8a94a6; stroke-dasharray: 3 3; }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3; } .value, .axis { fill: #9da7b3; } .kept { fill: #6e9bf5; }
    .missed { fill: #ff7b8a; } .other { fill: #7d8794; } .limit { stroke: #e6edf3; }
  }"""


def plot(results: Results) -> str:
    """The picture as SVG."""
    rows = list(_rows(results))
    height = rows[-1][0] + 2 * _ROW if rows else _HEAD
    width = _NAMES + 2 * _PANEL + _BETWEEN + _MARGIN
    size = f'width="{width}" height="{height}" viewBox="0 0 {width} {height}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
            "<title>Cold start and warm request of every function against the floor</title>",
            f"<style>\n{_STYLE}\n</style>",
            *_panel(0, "cold: init and first request, CPU ÷ floor", _COLD_MOST, height),
            *_panel(1, "warm request, CPU ÷ floor's get or create", _WARM_MOST, height),
            *(line for _, lines in rows for line in lines),
            "</svg>",
            "",
        ]
    )


def _left(panel: int) -> int:
    return _NAMES + panel * (_PANEL + _BETWEEN)


def _panel(panel: int, title: str, most: float, height: int) -> Iterator[str]:
    left = _left(panel)
    yield f'<text class="title" x="{left}" y="16">{escape(title)}</text>'
    at = left + _PANEL / most
    yield f'<line class="floor" x1="{at:.0f}" x2="{at:.0f}" y1="36" y2="{height - 8}"/>'
    yield f'<text class="axis" x="{at - 12:.0f}" y="31">floor</text>'


def _rows(results: Results) -> Iterator[tuple[int, list[str]]]:
    """Where each row is, and what is drawn there."""
    y = _HEAD
    for context, cases in groupby(results.cases, key=lambda case: case.context):
        y += _GAP
        yield y, [f'<text class="context" x="8" y="{y}">{escape(context)}</text>']
        for case in cases:
            y += _ROW
            yield y, list(_row(results, case, y))


def _row(results: Results, case: Case, y: int) -> Iterator[str]:
    yield f'<text class="name" x="{_NAMES - 8}" y="{y}">{escape(case.use_case)}</text>'
    limit = HTTP_LIMIT if case.kind == "http" else OTHERS_LIMIT
    cold = results.cold(case.function)
    yield from _bar(0, y, cold, _COLD_MOST, "missed" if cold > limit else "kept")
    at = _left(0) + _PANEL * limit / _COLD_MOST
    yield f'<line class="limit" x1="{at:.0f}" x2="{at:.0f}" y1="{y - 11}" y2="{y + 2}"/>'
    warm = results.warm(case.function, FLOOR if case.route[0] == "GET" else FLOOR_CREATE)
    yield from _bar(1, y, warm, _WARM_MOST, "other")


def _bar(panel: int, y: int, value: float, most: float, kind: str) -> Iterator[str]:
    left, length = _left(panel), _PANEL * min(value / most, 1)
    yield f'<rect class="{kind}" x="{left}" y="{y - 9}" width="{length:.0f}" height="9"/>'
    yield f'<text class="value" x="{left + _PANEL + 36}" y="{y}">{value:.2f}</text>'
