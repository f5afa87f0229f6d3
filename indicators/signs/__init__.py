"""Signs that a figure deserves a question (合理性核查): pure arithmetic over plain rows.

`indicators.plausibility` asks whoever enters a figure, at once and about that one figure. What
stands here looks later at what is in force, over years and over a department, and is put to people
as a question, never as an accusation: each sign has innocent explanations.

rows.py            what the rules read and what they return
chance.py          exact probabilities and medians
bunched.py         figures of a department that just meet their targets
repeated.py        the same figure year after year, or in several series of a year
jumps.py           a change unlike the earlier changes of its series
helpful_breaks.py  a break by which a figure that was short meets its target
late_edits.py      figures that were corrected after the deadline
rates.py           how often each rule asks about honest data
"""
