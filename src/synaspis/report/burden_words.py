"""Words and numbers of a burden: money, keys, kinds of cost."""

from __future__ import annotations

from synaspis.model.burden import BurdenAnswer, Member
from synaspis.model.plan import Price
from synaspis.report.words import number, people, percent

KEY_WORDS = {
    "common_funding": "common funding",
    "gdp": "GDP",
    "population": "population",
    "benefit": "benefit",
    "shapley": "Shapley",
    "equal": "equal",
}
KIND_WORDS = {
    "procurement": "buying, a year of service",
    "fielding": "building and fielding, a year of service",
    "operation": "operation",
    "rounds": "rounds",
    "hosting": "hosting",
    "common": "common funding",
    "development": "co-development",
    "third-party": "paid by third parties",
    "friction": "friction (the user's figures)",
    "other": "other",
}
KIND_SHORT = {kind: words.partition(",")[0] for kind, words in KIND_WORDS.items()}


def money(value: float) -> str:
    """Millions of US dollars in words: `812 million USD`, `1.23 billion USD`, `340,000 USD`."""
    size = abs(value)
    if size >= 999.5:
        return f"{value / 1000.0:,.2f}\u00a0billion USD"
    if size >= 9.95:
        return f"{value:,.0f}\u00a0million USD"
    if size >= 0.995:
        return f"{value:,.1f}\u00a0million USD"
    return f"{people(value * 1e6)}\u00a0USD"


def short_money(value: float | None) -> str:
    """Millions of US dollars, for a table cell under such a heading."""
    return "–" if value is None else number(value)


def band(p: Price) -> str:
    """`123 (90–210)`, the band left out where it has no width."""
    if p.low == p.high:
        return number(p.value)
    return f"{number(p.value)} ({number(p.low)}–{number(p.high)})"


def per_person(value_musd: float) -> str:
    """What a person protected is worth a year, in US dollars."""
    usd = value_musd * 1e6
    return f"{number(usd) if usd < 10 else people(usd)}\u00a0USD"


def worth(a: BurdenAnswer, value: float) -> str:
    """A Shapley or Banzhaf value, or what they add up to."""
    return people(value) if a.unit == "people" else percent(value)


def index(m: Member) -> str:
    """The free-rider index with its sign."""
    value = m.free_rider_index
    if value is None:
        return "–"
    return "0.00" if abs(value) < 0.005 else f"{value:+.2f}".replace("-", "−")


def payer(name: str) -> str:
    """Who pays, in words."""
    return name.replace(", others", "'s other members")
