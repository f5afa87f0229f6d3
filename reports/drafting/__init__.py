"""The first text of a yearly report, from figures and verdicts as they stand at that moment.

report.py       the whole, section by section, and what is frozen of it
draft.py        what the sections write on: numbers figures, tables and pictures
locking.py      the figures of a sentence, which nobody edits
overall.py, domains.py, departments.py, in_words.py, problems.py, notes.py   the sections
words.py        phrases that several sections use

A report is an official text in Chinese whatever language its reader chose; so its words stand here
as they are printed, and not among the translations. What the pages say too (sentences of verdicts,
labels) is taken from there.
"""
