"""The team: who works when, who is away, how many leads they take; what rooms above are told of it."""
