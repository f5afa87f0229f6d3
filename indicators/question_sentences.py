"""What is seen, asked and perhaps behind it, by rule; the arithmetic line by line. Texts with the
names of the facts that `indicators.signs` states."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from indicators.enums import QuestionRule

SENTENCES = {
    QuestionRule.BUNCHED: _(
        "Of the %(close)s figures of %(department)s for %(year)s that lie close to their targets, "
        "%(met)s meet them and %(missed)s miss them. If such a figure met its target three times "
        "in five, so many or more would do so with a probability of %(probability_shown)s. How did "
        "these figures come about?"
    ),
    QuestionRule.REPEATED_YEARS: _(
        "%(place)s is %(value)s in each of the %(years)s years %(first)s–%(year)s, to the last "
        "digit. By the size of its other changes a run like this has a probability of at most "
        "%(probability_shown)s. Was it counted anew each year?"
    ),
    QuestionRule.REPEATED_SERIES: _(
        "%(series)s series of %(department)s have the same figure %(value)s for %(year)s. Among "
        "%(near)s rates that lie so close together, so many agree by chance with a probability of "
        "at most %(probability_shown)s. Does each rest on a count of its own?"
    ),
    QuestionRule.JUMP: _(
        "%(place)s goes from %(before)s in %(first)s to %(value)s in %(year)s: a change of "
        "%(change)s. The %(changes)s changes before had a median of %(usual_change)s, and half of "
        "them lay within %(scatter)s of it; this one is %(away)s away. What happened in %(year)s?"
    ),
    QuestionRule.HELPFUL_BREAK: _(
        "The figure of %(place)s for %(year)s, %(value)s, is marked as a break in the series and "
        "meets the target %(target)s (%(sign)s %(level)s). The figure before it, %(before)s in "
        "%(first)s, did not meet it; continued by the usual yearly change "
        "(%(usual_change)s) it would have come to %(continued)s, %(gap)s "
        "short. Why did the scope change, and what would the old one have given?"
    ),
    QuestionRule.LATE_EDIT: _(
        "%(place)s for %(year)s was corrected from %(old)s to %(new)s, %(days)s days after the "
        "deadline. Before, the target %(target)s (%(sign)s %(level)s) was not met; now it is. "
        "What does the new figure rest on?"
    ),
    QuestionRule.LATE_EDITS: _(
        "Of %(late)s figures for %(year)s that %(department)s corrected after the deadline, "
        "%(towards)s went towards the target and %(away)s away from it. If errors went either way "
        "equally often, so many or more would go one way with a probability of "
        "%(probability_shown)s. What do the corrections have in common?"
    ),
}
# Where the series has no two figures before its break to tell how it usually changes.
BREAK_WITHOUT_CHANGES = _(
    "The figure of %(place)s for %(year)s, %(value)s, is marked as a break in the series and meets "
    "the target %(target)s (%(sign)s %(level)s). The figure before it, %(before)s in %(first)s, "
    "was %(gap)s short; how the series usually changes is not known. Why did the scope change, and "
    "what would the old one have given?"
)

INNOCENT = {
    QuestionRule.BUNCHED: _(
        "Work often goes on until a target is met and no longer; targets may have been set from "
        "what was expected anyway; several figures may rest on one survey."
    ),
    QuestionRule.REPEATED_YEARS: _(
        "The figure may be counted only every few years and carried on in between; a plan or a "
        "standard may fix it; what is counted may hardly change."
    ),
    QuestionRule.REPEATED_SERIES: _(
        "The figures may rest on one sample or one count; two measures may be defined alike."
    ),
    QuestionRule.JUMP: _(
        "A campaign, a new law, a disaster or another method may move a figure at once; the years "
        "before may have been unusually quiet."
    ),
    QuestionRule.HELPFUL_BREAK: _(
        "A national standard may have changed for everybody; the new scope may be the one that the "
        "target means; the figure may have met the target under the old one too."
    ),
    QuestionRule.LATE_EDIT: _(
        "Final figures often come after the deadline; the reviewers themselves may have found an "
        "error."
    ),
    QuestionRule.LATE_EDITS: _(
        "Provisional figures may leave out what is counted last, so that final ones are always "
        "higher; one error may have run through all of them."
    ),
}

PROBABILITY = "%(probability)s ≈ %(probability_shown)s"
LIMIT = (_("Asked where P is at most"), "%(limit)s = %(limit_shown)s")
# Label and value of each line, in the order one reckons.
LINES = {
    QuestionRule.BUNCHED: (
        (
            _("Band on either side of the target"),
            _("%(band_points)s points; of counts %(band_share_shown)s"),
        ),
        (_("Close figures that meet their target"), "%(met)s"),
        (_("Close figures that miss it"), "%(missed)s"),
        ("P(X ≥ %(met)s), X ~ Bin(%(close)s, %(chance_met)s)", PROBABILITY),
        LIMIT,
    ),
    QuestionRule.REPEATED_YEARS: (
        (_("One unit of the last digit, δ"), "%(step)s"),
        (_("Other yearly changes"), "%(others)s"),
        (_("Their median size m, at least δ"), "%(usual_change)s"),
        (_("Chance of one repetition, q = 0.27 δ / m"), "%(once)s ≈ %(once_shown)s"),
        (_("Repetitions in a row, r"), "%(again)s"),
        (_("Places where such a run could stand"), "%(places)s"),
        (_("P ≤ places × q^r"), PROBABILITY),
        LIMIT,
    ),
    QuestionRule.REPEATED_SERIES: (
        (_("Series with this figure"), "%(series)s"),
        (_("Rates within %(neighbourhood)s point of it, N"), "%(near)s"),
        (_("Values that each can have, s"), "%(values)s"),
        (_("P ≤ N × P(X ≥ series − 1), X ~ Bin(N − 1, 1/s)"), PROBABILITY),
        LIMIT,
    ),
    QuestionRule.JUMP: (
        (_("Change c"), "%(change)s"),
        (_("Changes before it, n"), "%(changes)s"),
        (_("Their median u"), "%(usual_change)s"),
        (_("Median distance from u, s (at least one unit of the last digit)"), "%(scatter)s"),
        (_("Distance |c − u|"), "%(away)s"),
        (_("Asked beyond k × s, with k = %(times)s for so many changes"), "%(limit)s"),
    ),
    QuestionRule.HELPFUL_BREAK: (
        (_("Level of the target"), "%(sign)s %(level)s"),
        (_("Last figure before the break"), "%(before)s"),
        (_("Yearly changes known before it"), "%(changes)s"),
        (_("Their median (0 where there are none)"), "%(usual_change)s"),
        (_("Continued over %(years)s years"), "%(continued)s"),
        (_("Still short by"), "%(gap)s"),
        (_("Figure of the break"), "%(value)s"),
    ),
    QuestionRule.LATE_EDIT: (
        (_("Level of the target"), "%(sign)s %(level)s"),
        (_("Before the correction"), "%(old)s"),
        (_("After it"), "%(new)s"),
        (pgettext_lazy("of a correction", "Change"), "%(change)s"),
        (_("Days after the deadline"), "%(days)s"),
    ),
    QuestionRule.LATE_EDITS: (
        (_("Late corrections towards the target"), "%(towards)s"),
        (_("Late corrections away from it"), "%(away)s"),
        ("P(X ≥ %(towards)s), X ~ Bin(%(late)s, 1/2)", PROBABILITY),
        LIMIT,
    ),
}
