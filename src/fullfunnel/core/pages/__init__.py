"""What the pages of every room share: static files, the frame, numbers out of an address, lists, forms, how an action went."""

from fullfunnel.core.pages.addresses import row_id, whole_number
from fullfunnel.core.pages.counts import MOST, Count, count_of, count_up_to
from fullfunnel.core.pages.feedback import json_refusal, render_form, tell
from fullfunnel.core.pages.fields import DayField, Money, MoneyField
from fullfunnel.core.pages.files import csv_of
from fullfunnel.core.pages.forms import Form
from fullfunnel.core.pages.frame import asset, frame, has_asset, kept_query
from fullfunnel.core.pages.keyset import first_or_asked
from fullfunnel.core.pages.listing import Chip, Heading, Listing, asked_list, asked_words
from fullfunnel.core.pages.lists import Page, asked_page
from fullfunnel.core.pages.picking import Option, Picker, PickField, answer_options
from fullfunnel.core.pages.toasts import Toast, answer_action, refused_toast, standing_toast

__all__ = [
    "MOST",
    "Chip",
    "Count",
    "DayField",
    "Form",
    "Heading",
    "Listing",
    "Money",
    "MoneyField",
    "Option",
    "Page",
    "PickField",
    "Picker",
    "Toast",
    "answer_action",
    "answer_options",
    "asked_list",
    "asked_page",
    "asked_words",
    "asset",
    "count_of",
    "count_up_to",
    "csv_of",
    "first_or_asked",
    "frame",
    "has_asset",
    "json_refusal",
    "kept_query",
    "refused_toast",
    "render_form",
    "row_id",
    "standing_toast",
    "tell",
    "whole_number",
]
