"""What people do with yearly reports.

asking.py    ask for a draft
drafting.py  the job that writes it
stages.py    move a report on, give it back
uploads.py   take an edited Word file
"""
