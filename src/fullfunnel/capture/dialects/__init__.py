"""One module for each client protocol: bytes in, arrivals and refusals out."""
