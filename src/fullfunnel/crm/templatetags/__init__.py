"""What templates of sales say."""
