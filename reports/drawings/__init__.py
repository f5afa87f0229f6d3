"""Large pictures drawn on the server as SVG from plain rows; small ones: targets_site.pictures."""
