"""Each kind of question answered: a world is asked, a fold folded, and what was found put into words and numbers."""
