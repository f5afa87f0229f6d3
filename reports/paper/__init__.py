"""What is printed: PDF and Word.

pdf.py      HTML to PDF, with nothing fetched
paper.css   how paper looks (A4)
word.py     a Word file that officials edit around its locked figures
"""
