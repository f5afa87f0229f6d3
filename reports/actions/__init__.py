"""What people do with yearly reports.

asking.py    ask for a draft
contents.py  tell that an issued one was changed
drafting.py  the job that writes it
stages.py    move a report on, give it back
uploads.py   take an edited Word file
"""
