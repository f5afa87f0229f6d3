"""Reading a folder of reference data: files, checks, and the one door into the database."""
