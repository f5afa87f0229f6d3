"""All tables in one ZIP, from one state of the database.

zipped.py       a ZIP as a stream
package.py      datapackage.json, from the columns
dictionary.py   dictionary.csv, from the columns
stream.py       one bundle as it runs, with its manifest
README.md       what it holds, for whoever unpacks it
"""
