"""What programs read, and the figures that they write."""
