"""What was stated or read anew."""
