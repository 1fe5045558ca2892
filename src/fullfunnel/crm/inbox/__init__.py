"""The inbox: whom sales answers first, why now, and what becomes of them."""
