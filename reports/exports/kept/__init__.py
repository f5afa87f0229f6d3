"""Large exports: asked for, written by a job, kept for a day, handed out to who may have them.

asking.py    what a person asks for, and who may
working.py   what the job does
progress.py  saying how far it is while one snapshot is read
files.py     where the files lie, whole or not at all
fetching.py  who may have a file once it is there
"""
