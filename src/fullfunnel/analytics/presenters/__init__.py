"""What pages show of answers: pictures, tables and links as the templates read them. Pure."""
