"""Pictures with more to them than targets_site/pictures.py, drawn on the server as inline SVG."""
