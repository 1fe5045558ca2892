"""The pages of this room: public (for whoever got a mail), topics (settings), panel (on a person)."""
