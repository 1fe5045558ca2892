"""What a question about stages shows beside counts and people: the book of each day, and what is at work in a stage."""
