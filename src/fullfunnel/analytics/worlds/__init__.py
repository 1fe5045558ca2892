"""What questions are asked of: a workspace or a file."""
