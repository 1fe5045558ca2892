"""What marketing and sales promised each other, and whether they kept it: speed to first human touch, decisions, numbers."""
