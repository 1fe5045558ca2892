"""Reading questions: JSON into frozen dataclasses, and how they are said in words."""
