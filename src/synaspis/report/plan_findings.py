"""What a plan says, in sentences: the same words on the page and in the terminal."""

from __future__ import annotations

from synaspis.model.plan import Binding, PlanAnswer, Post, Responsibility
from synaspis.report.words import counted, listed, people, percent, short_people

GOALS = {
    "protected-population": "as many people protected as can be",
    "worst-nation": "the worst-protected nation as well off as can be",
    "cost": "the cheapest laydown that reaches the goal",
}
METHOD = (
    "People protected: population of each attacked place times the chance that nothing comes down there, "
    "less that chance with no defence. The plan's figure is that of a mixed-integer model, proven by "
    "HiGHS; the engine's is the same raid played shot by shot."
)


def headline(a: PlanAnswer) -> str:
    """The finding of the plan."""
    if a.clash is not None:
        what = listed(a.clash.constraints)
        how = f"{what} clash" if len(a.clash.constraints) > 1 else f"nothing that may be chosen gives {what}"
        return f"Under {a.regime} no plan does all that is asked: {how}."
    if a.objective == "cost":
        goal = people(a.protect or 0.0)
        if not a.laydown:
            return f"Under {a.regime} nothing need be added to protect {goal} people."
        return f"To protect {goal} people under {a.regime} takes {musd(a.cost.value)} at least."
    if a.objective == "worst-nation":
        return f"Under {a.regime} the worst-protected nation can have {percent(a.worst_nation)} protected."
    share = f"{people(a.protected)} of {people(a.at_risk)} people at risk"
    if a.laydown:
        what = f"{counted(len(a.laydown), 'addition')} for {musd(a.cost.value)}"
        return f"With {what}, {share} can be protected under {a.regime}."
    return f"Under {a.regime} {share} can be protected."


def musd(value: float) -> str:
    """Millions of US dollars in words."""
    if value >= 1000.0:
        return f"{value / 1000.0:.2f}\u00a0billion USD"
    return f"{value:,.0f}\u00a0million USD"


def proof(a: PlanAnswer) -> str:
    """How near to the best it is known to be."""
    if a.clash is not None:
        return "What is shown is the nearest plan that can be had."
    if a.gap < 1e-5:
        return "No plan of this model does better: the optimum is proven."
    return f"No plan of this model does more than {100.0 * a.gap:.2g}\u00a0% better: that is proven."


def played(a: PlanAnswer) -> str:
    """What the engine makes of it."""
    p = a.played
    if p is None:
        return ""
    how = "more" if p.difference >= 0 else "fewer"
    return (
        f"Played {p.trials:,} times on the same luck, the raid leaves {people(p.planned)} people protected "
        f"with the plan and {people(p.as_it_stands)} as things stand: {people(abs(p.difference))} {how} "
        f"(standard error {people(p.error)})."
    )


def costs(a: PlanAnswer) -> str:
    """Which rule, lifted, would buy most."""
    rules = [b for b in a.binding if b.how == "re-solved"]
    if not rules:
        if a.clash is not None:
            return "What each rule costs is not told of a plan that cannot be."
        return f"No single rule, lifted, would buy anything: {a.tried.get('clauses', 0)} clauses were tried."
    return f"What would buy most: {rules[0].what}, worth {gain(rules[0])}."


def gain(b: Binding) -> str:
    """What a constraint costs, in its unit."""
    if b.unit == "people":
        return f"{short_people(b.gain)} people"
    if b.unit == "M USD":
        return f"{musd(b.gain)} saved"
    return f"{percent(b.gain)} of a nation's people at risk"


def who(r: Responsibility) -> str:
    """Primary and backup, in words."""
    if r.backup is None:
        return named(r.primary)
    told = "" if r.told else " (not told)"
    return f"{named(r.primary)}, then {named(r.backup)}{told}"


def named(post: Post) -> str:
    """A battery and its owner, who stands in the name of what a plan adds."""
    return post.battery if post.battery.startswith(f"{post.nation} ") else f"{post.battery} ({post.nation})"


def defenders(a: PlanAnswer) -> str:
    """Whose batteries defend how many places of whom."""
    raid = [r for r in a.responsibility if r.missiles]
    if not raid:
        return "No battery may defend anything in this raid."
    owners = sorted(dict.fromkeys(r.primary.nation for r in raid))
    places = len({r.asset for r in raid})
    whose = len({r.nation for r in raid})
    return f"Batteries of {listed(owners)} defend {counted(places, 'place')} of {counted(whose, 'nation')}."


def without(a: PlanAnswer) -> str:
    """Nations with people whom the plan gives no battery."""
    left = [x for x in a.nations if x.without >= 0.5]
    if not left:
        return "Every nation attacked gets some defence in every place."
    said = listed([f"{people(x.without)} in {x.nation}" for x in left])
    return f"No battery takes the defence of these people at risk: {said}."
