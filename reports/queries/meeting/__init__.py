"""What the meeting sheet (会议材料) says: one page on an area for its leading group.

matters.py  which three to five matters the meeting has to settle
sheet.py    the reads that fill the sheet
"""
