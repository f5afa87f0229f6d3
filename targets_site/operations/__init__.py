"""What runs the product: its secrets, its roles, its alarms, and the guide."""
