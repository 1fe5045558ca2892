"""What the pages show of an answer: pictures, tables, sentences, files. Pure; a module a kind of question."""
