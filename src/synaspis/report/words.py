"""Numbers as people say them. A number and its unit are held together by a no-break space."""

from __future__ import annotations

import math

from synaspis.studies.wording import listed as listed  # every page's words from one place

CAUSE_WORDS = {
    "not_seen": "not seen",
    "not_released": "track not released",
    "no_mandate": "no mandate",
    "no_authority": "no authority",
    "too_late": "too late",
    "no_rounds": "no rounds left",
}
"""Gates of a shot (`model.answers.CAUSES`) in words."""


def people(count: float) -> str:
    """`4_123_000` -> `4.12 million`; below a million three figures; NaN -> `unknown`."""
    if not math.isfinite(count):
        return "unknown"
    size = abs(count)
    if size >= 999_500:
        return f"{_figures(count / 1e6)}\u00a0million"
    return _three_figures(count)


def _three_figures(count: float) -> str:
    """`8_642.4` -> `8,640`; below a thousand whole."""
    rounded = round(count, -max(0, len(str(int(abs(count)))) - 3))
    return f"{rounded:,.0f}"


def short_people(count: float) -> str:
    """As `people`, for table cells: `4.12 M`, `312 k`, `840`, and rounded alike."""
    if not math.isfinite(count):
        return "–"
    size = abs(count)
    if size >= 999_500:
        return _signed(f"{_figures(count / 1e6)}\u00a0M")
    if size >= 9_995:
        return _signed(f"{_figures(count / 1e3)}\u00a0k")
    return _signed(_three_figures(count))


def tick_people(count: float) -> str:
    """A round number of people on an axis: `2.5 M`, `500 k`."""
    size = abs(count)
    for step, letter in ((1e6, "M"), (1e3, "k")):
        if size >= step:
            return _signed(f"{count / step:g}\u00a0{letter}")
    return _signed(f"{count:g}")


def tick(value: float) -> str:
    """A round number on an axis."""
    return _signed(f"{value:g}")


def _signed(text: str) -> str:
    return text.replace("-", "−")


def _figures(value: float) -> str:
    """Three figures: 1.23, 12.3, 123."""
    size = abs(value)
    digits = 2 if size < 9.995 else 1 if size < 99.95 else 0
    return f"{value:,.{digits}f}"


def number(value: float) -> str:
    """A count or a mean: one decimal place, two below 1, none from 100 on."""
    if not math.isfinite(value):
        return "–"
    size = abs(value)
    if size == 0:
        return "0"
    if size < 0.005:
        return "<\u00a00.01" if value > 0 else ">\u00a0−0.01"
    return f"{value:,.2f}" if size < 1 else f"{value:,.1f}" if size < 99.95 else f"{value:,.0f}"


def band(low: float, high: float) -> str:
    """`2–5`, `2.5–11`: the ends of an interval, whole numbers without decimals."""
    ends = (f"{end:,.0f}" if math.isfinite(end) and end == round(end) else number(end) for end in (low, high))
    return "–".join(ends)


def figure(value: float) -> str:
    """A published figure: up to six significant digits, thousands apart, no trailing zeros."""
    if value == 0 or 1e-3 <= abs(value) < 1e6:
        return f"{value:,.6g}" if abs(value) < 1e5 else f"{value:,.0f}"
    return f"{value:.4g}"


def percent(share: float) -> str:
    """A chance or share; never rounded to certainty."""
    if not math.isfinite(share):
        return "–"
    if 0 < share < 0.001:
        return "<\u00a00.1\u00a0%"
    if 0.999 < share < 1:
        return ">\u00a099.9\u00a0%"
    hundred = 100 * share
    digits = 1 if 0 < abs(hundred) < 10 else 0
    return f"{hundred:.{digits}f}\u00a0%"


def duration(seconds: float) -> str:
    """`380` -> `6 min 20 s`."""
    if not math.isfinite(seconds):
        return "–"
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    if minutes == 0:
        return f"{rest}\u00a0s"
    return f"{minutes}\u00a0min" if rest == 0 else f"{minutes}\u00a0min\u00a0{rest}\u00a0s"


def counted(count: int, one: str, many: str = "") -> str:
    """`1 missile`, `24 missiles`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
