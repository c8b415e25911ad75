"""What the years say, in sentences: the same words on the page and in the terminal."""

from __future__ import annotations

from itertools import pairwise

from synaspis.model.plan import Price
from synaspis.model.timeline import Change, Moved, PlanAnswered, RegimeYear, Shortfall, TimelineAnswer, Year
from synaspis.report.words import counted, listed, people

MONTH_DAYS = 30.4375
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip
METHOD = (
    "People protected: population of each attacked place times the chance that nothing comes down there, "
    "less that chance with no defence. People covered: in places with a shot at every declared class from "
    "every launch area, free of any raid. People-years: people times the years that they went without it, "
    "to the day."
)


def headline(a: TimelineAnswer) -> str:
    """The finding of the years."""
    first, last = a.years[0], a.years[-1]
    now = value(last, a.headline)
    if len(a.years) == 1:
        return f"In {last.year}, {people(now)} people are protected under {a.headline}."
    start = value(first, a.headline)
    said = _course(a, people(start), people(now))
    late = latest(a)
    if late is None or late.alone[a.headline].covered <= 0.0:
        return f"{said}."
    against = f" against {guesses(a)}" if rests_on_guesses(late.alone[a.headline]) else ""
    left = uncovered(late, a.headline)
    return f"{said}; {late.site}, {lateness(late)} late, left {left} people uncovered{against}."


def _course(a: TimelineAnswer, start: str, now: str) -> str:
    """From the first year to the last, without a full stop."""
    first, last = a.years[0], a.years[-1]
    most = max(a.years, key=lambda y: value(y, a.headline))
    if value(most, a.headline) < 0.5:
        return f"Under {a.headline}, nobody is protected in any year from {first.year} to {last.year}"
    if len({people(value(y, a.headline)) for y in a.years}) == 1:
        return (
            f"Under {a.headline}, {now} people are protected in every year from {first.year} to {last.year}"
        )
    peak = people(value(most, a.headline))
    between = "" if peak in (start, now) else f", {peak} at most, in {most.year}"
    return (
        f"Under {a.headline}, people protected go from {start} in {first.year} "
        f"to {now} in {last.year}{between}"
    )


def guesses(a: TimelineAnswer) -> str:
    """The raid's hypothetical classes, called that."""
    return (
        f"{listed(a.hypothetical)}, {'a class' if len(a.hypothetical) == 1 else 'classes'} not known to exist"
    )


def rests_on_guesses(short: Shortfall) -> bool:
    """Whether most of a shortfall is gone once hypothetical classes are left aside."""
    return short.covered_existing < 0.5 * short.covered


def value(year: Year, regime: str) -> float:
    """People protected in a year."""
    return year.regimes[regime].protected_population.value


def latest(a: TimelineAnswer) -> Moved | None:
    """The site whose delay left most people-years uncovered, else unprotected, under the headline regime."""
    moved = [m for p in a.plans for m in p.moved if m.late_days]
    key = a.headline
    return max(moved, key=lambda m: (m.alone[key].covered, m.alone[key].protected.value), default=None)


def lateness(m: Moved) -> str:
    """`5.5 years`, `4 months`, `1 day`."""
    days = abs(m.late_days or 0)
    if days >= 548:
        return f"{days / 365.25:.1f} years"
    if days >= 60:
        return f"{days / MONTH_DAYS:.0f} months"
    return counted(days, "day")


def uncovered(m: Moved, regime: str) -> str:
    """How many people on most days of the delay: the largest number that a span of it left uncovered."""
    return people(max((lag.covered for lag in m.alone[regime].lags), default=0.0))


def proof(a: TimelineAnswer) -> str:
    """How the years were judged."""
    month, day = a.on.split("-")
    states = counted(a.played, "state of the world was", "different states of the world were")
    return (
        f"Each year is judged on {int(day)} {MONTHS[int(month) - 1]}: the sites that stand, the clauses in "
        f"force, and the raid of what its owners have by then. {states} played {a.trials:,} times"
        + (" each, all on the same luck." if a.played > 1 else ".")
    )


def steps(a: TimelineAnswer) -> str:
    """The largest step from one year to the next, and what came with it."""
    if len(a.years) < 2:
        return f"People protected under each regime in {a.years[0].year}."
    before, after = max(
        pairwise(a.years), key=lambda two: value(two[1], a.headline) - value(two[0], a.headline)
    )
    gain = value(after, a.headline) - value(before, a.headline)
    if gain <= 0.0:
        return f"From {a.years[0].year} to {a.years[-1].year} nothing that came protects anybody more."
    came = came_with(after, a.headline)
    cause = f", with {listed(came)}" if came else ""
    return f"The largest step under {a.headline} is {after.year}: {people(gain)} people more{cause}."


def came_with(year: Year, regime: str) -> list[str]:
    """Names of sites, then of agreements, that came into force in a year and count under `regime`."""
    new = [c for c in year.changes if c.begins and of(c, regime)]
    return [c.name for kind in ("site", "agreement") for c in new if c.kind == kind]


def of(c: Change, regime: str) -> bool:
    """Whether a change counts under a regime."""
    return not c.regimes or regime in c.regimes


def delay(a: TimelineAnswer, p: PlanAnswered) -> str:
    """What a plan would have given more."""
    short = p.shortfall[a.headline]
    if not short.lags:
        return "All that was planned for these years came as planned."
    if short.covered > 0.0:
        aside = f", {people(short.covered_existing)} with {listed(a.hypothetical)} left aside"
        return (
            f"Had all come as planned, {people(short.covered)} people-years more would have been covered "
            f"under {a.headline}{aside if rests_on_guesses(short) else ''}."
        )
    if short.protected.value > 0.0:
        return (
            f"The delays covered nobody less; {people(short.protected.value)} people-years went unprotected."
        )
    return "What came late would have changed nothing here by coming in time."


def raid_words(a: TimelineAnswer, p: PlanAnswered) -> str:
    """The same in the raid, with what of it rests on classes that do not exist."""
    short = p.shortfall[a.headline].protected
    said = (
        f"In the raid itself: {people(short.value)} people-years unprotected "
        f"(standard error {people(short.error)})."
    )
    guessed = p.only_by_hypothetical[a.headline]
    if short.value > 0.0 and guessed > 0.0:
        part = min(guessed / short.value, 1.0)
        said += f" {100 * part:.0f}\u00a0% of them in places at which the raid aims only {guesses(a)}."
    return said


def moved(m: Moved, regime: str) -> str:
    """One site of a plan."""
    if m.happened is None:
        return f"{m.site} was planned for {m.planned}; when it came is not known."
    when = f"{m.site} was planned for {m.planned} and came on {m.happened}"
    if not m.late_days:
        return f"{when}."
    how = "later" if m.late_days > 0 else "earlier"
    short = m.alone[regime]
    if not short.lags:
        return f"{when}, {lateness(m)} {how}: none of that falls in these years."
    return (
        f"{when}, {lateness(m)} {how}: {people(short.covered)} people-years uncovered, "
        f"{people(short.protected.value)} unprotected in the raid."
    )


def warning(a: TimelineAnswer) -> str:
    """How warning changes over the years."""
    first, last = a.years[0].regimes[a.headline].warning_s, a.years[-1].regimes[a.headline].warning_s
    if len(a.years) == 1:
        return f"The middle of all people attacked has {last.p50:.0f} s of warning under {a.headline}."
    if round(first.p50) == round(last.p50):
        return f"Warning under {a.headline} stays at {last.p50:.0f} s for the middle of all people attacked."
    return (
        f"The middle of all people attacked has {last.p50:.0f} s of warning in {a.years[-1].year} under "
        f"{a.headline}, {first.p50:.0f} s in {a.years[0].year}."
    )


def cost(a: TimelineAnswer) -> str:
    """What all of it costs, and who pays most."""
    total = sum(y.cost[a.headline].value for y in a.years)
    if total <= 0.0:
        return "No price is known of what was there, so that nothing can be said of its cost."
    dearest = max(a.years, key=lambda y: y.cost[a.headline].value)
    paid: dict[str, float] = {}
    for y in a.years:
        for payer, amount in y.paid.items():
            paid[payer] = paid.get(payer, 0.0) + amount.value
    most = max(paid, key=lambda payer: paid[payer])
    alike = min(y.cost[a.headline].value for y in a.years) >= 0.999 * dearest.cost[a.headline].value
    when = (
        "over these years, about the same in each" if alike else f"over these years, most in {dearest.year}"
    )
    if len(a.years) == 1:
        when = f"in {dearest.year}"
    return (
        f"{musd(total)} in prices of {a.prices} {when}; "
        f"{100 * paid[most] / total:.0f}\u00a0% is paid by {most}."
    )


def musd(amount: float) -> str:
    """Millions of US dollars in words."""
    if amount >= 1000.0:
        return f"{amount / 1000.0:.1f}\u00a0billion USD"
    return f"{amount:,.0f}\u00a0million USD"


def band(price: Price) -> str:
    """`820 (600–1,100)`: millions of US dollars."""
    return f"{price.value:,.0f} ({price.low:,.0f}–{price.high:,.0f})" if price.value else "–"


def assumptions(a: TimelineAnswer) -> list[str]:
    """What was taken for granted, for this case."""
    said = []
    if a.undated:
        said.append(f"Date not known, taken as always there: {listed(a.undated)}.")
    if a.always:
        said.append(
            f"No date of these classes is given; they are in the raid of every year: {listed(a.always)}."
        )
    if a.hypothetical:
        said.append(f"Hypothetical, in every year that has them: {listed(a.hypothetical)}.")
    if all(not y.raid for y in a.years):
        said.append("No state has any class of the raid in these years: nobody is at risk.")
    for p in a.plans:
        if p.note:
            said.append(f"{p.name}: {p.note}")
    if a.unpriced:
        said.append(f"Not in the cost, since no figure is known: {counted(len(a.unpriced), 'figure')}, "
                    f"as {listed(a.unpriced[:3])}.")  # fmt: skip
    return said


def came(year: Year) -> list[str]:
    """Everything that came or went in a year, marked by a plus or a minus."""
    return [f"{'+' if c.begins else '−'}\u00a0{c.name}" for c in year.changes]


def nothing_stands(year: Year) -> bool:
    """Whether a year has neither a sensor nor a battery."""
    return not year.sites


def share(r: RegimeYear) -> float:
    """People protected over people at risk; 0 where nobody is."""
    return r.protected_population.value / r.population_at_risk if r.population_at_risk else 0.0
