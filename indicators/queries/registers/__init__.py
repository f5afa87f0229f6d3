"""What stands in registers: figures that were changed, and those that came late."""
