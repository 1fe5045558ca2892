"""What the page of both funnels is made of, beyond its picture and table."""
