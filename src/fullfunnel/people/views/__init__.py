"""The pages of people: the list, a person's record, and what may be done with one."""
