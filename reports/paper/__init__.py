"""What is printed: PDF and Word; reports in Chinese whoever asks.

pdf.py      HTML to PDF by the press, a process of its own; raster.py  pictures likewise
press.py    that process; setting.py  what it sets with, nothing being fetched
paper.css   how paper looks (A4)
word.py     a Word file that officials edit around its locked figures
word_reading.py  what comes back of it, compared with what was given out
blocks.py   what a paper consists of; stored.py the same as JSON
"""

LANGUAGE = "zh-hans"
