"""What every reading address of the API has in common: filters, cursor pages, its description."""
