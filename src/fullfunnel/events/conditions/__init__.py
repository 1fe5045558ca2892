"""conditions: the grammar of where-clauses, free of Django. evaluate and sql give the same answers."""

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
