"""Two documents compared: the rule and the matching on plain values, and the page."""
