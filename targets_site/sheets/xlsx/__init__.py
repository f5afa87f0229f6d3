"""Excel workbooks (XLSX), read as the ZIP of XML files that they are.

    container.py        the ZIP: bombs, macros and external links refused before anything is read
    xml_parts.py        XML without document types, block by block
    workbook.py         sheets, cell formats, shared texts
    number_formats.py   which numbers are dates, which are shown as a percentage
    rows.py             the cells of a sheet as they are stored
    cells.py            a cell as the text that a person would have typed
    table.py            the rows as a table

Decision: expat instead of openpyxl. In one pass it gives a formula together with its saved result,
and the merged cells; openpyxl reads a sheet twice for the first and leaves out the second in its
quick mode. It takes Chinese date formats (27 to 36, 50 to 58) for plain numbers. 100,000 rows of 12
cells took it 9 to 13 s before any check, and 1.5 MB of cell formats 5 s and 220 MB. The tests hold
this reader against it.
"""

from targets_site.sheets.xlsx.table import read_xlsx

__all__ = ["read_xlsx"]
