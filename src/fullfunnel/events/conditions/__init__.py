"""conditions: the grammar of conditions over events and people, free of Django. evaluate and sql give the same answers."""

from fullfunnel.events.conditions.clause import (
    Clause,
    Dated,
    DaysAgo,
    Group,
    Happening,
    Has,
)
from fullfunnel.events.conditions.clause_parse import parse_clause
from fullfunnel.events.conditions.clause_words import clause_json, clause_words
from fullfunnel.events.conditions.condition import (
    CHANNEL_GROUP,
    COMPANY,
    DEAL,
    OPS,
    SENDER,
    SENT_BY,
    TRUST,
    Condition,
    QuestionError,
)
from fullfunnel.events.conditions.evaluate import mask, truths
from fullfunnel.events.conditions.journey import bound, first_moment, holds, serves, start_of
from fullfunnel.events.conditions.parse import parse_condition
from fullfunnel.events.conditions.sql import literal_sql, property_text, to_sql
from fullfunnel.events.conditions.text import number_of, text_of
from fullfunnel.events.conditions.words import OPERATORS, condition_words

__all__ = [
    "CHANNEL_GROUP",
    "COMPANY",
    "DEAL",
    "OPERATORS",
    "OPS",
    "SENDER",
    "SENT_BY",
    "TRUST",
    "Clause",
    "Condition",
    "Dated",
    "DaysAgo",
    "Group",
    "Happening",
    "Has",
    "QuestionError",
    "bound",
    "clause_json",
    "clause_words",
    "condition_words",
    "first_moment",
    "holds",
    "literal_sql",
    "mask",
    "number_of",
    "parse_clause",
    "parse_condition",
    "property_text",
    "serves",
    "start_of",
    "text_of",
    "to_sql",
    "truths",
]
