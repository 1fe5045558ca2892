"""What the answers to several kinds of questions share."""
