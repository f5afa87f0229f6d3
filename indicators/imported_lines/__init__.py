"""What storing each line of an imported file would do: new, changed, unchanged, or refused.

The rights and rounds are those of `entry.save`; the texts are read by the parser of the form. What
a file does not say stays as it is: a column that it does not have is kept from the newest version,
except that a new value does not keep what described the old one, nor, where that is in force, its
source.
"""

from indicators.imported_lines.contents import figure_of, without_controls
from indicators.imported_lines.judged import JudgedLine, Tally
from indicators.imported_lines.reader import LineReader
from indicators.imported_lines.rules import rule_against

__all__ = ["JudgedLine", "LineReader", "Tally", "figure_of", "rule_against", "without_controls"]
