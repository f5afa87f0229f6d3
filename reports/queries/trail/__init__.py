"""The trail as auditors read it."""
