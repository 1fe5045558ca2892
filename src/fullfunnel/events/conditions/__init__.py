"""conditions: the grammar of where-clauses; free of Django.

condition: the types; parse: JSON -> Condition, or a QuestionError; words: a condition in English; text: values as the stream
writes them; evaluate: which values satisfy a condition; sql: the same question asked of an engine. evaluate and sql agree.
"""

from fullfunnel.events.conditions.condition import COMPANY, DEAL, OPS, SENDER, SENT_BY, TRUST, Condition, QuestionError
from fullfunnel.events.conditions.evaluate import mask, truths
from fullfunnel.events.conditions.parse import parse_condition
from fullfunnel.events.conditions.sql import property_text, to_sql
from fullfunnel.events.conditions.text import number_of, text_of
from fullfunnel.events.conditions.words import OPERATORS, condition_words

__all__ = [
    "COMPANY",
    "DEAL",
    "OPERATORS",
    "OPS",
    "SENDER",
    "SENT_BY",
    "TRUST",
    "Condition",
    "QuestionError",
    "condition_words",
    "mask",
    "number_of",
    "parse_condition",
    "property_text",
    "text_of",
    "to_sql",
    "truths",
]
