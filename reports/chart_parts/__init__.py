"""What both drawings of the big chart share, and the parts of the Plotly figure."""
