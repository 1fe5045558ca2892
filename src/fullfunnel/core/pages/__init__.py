"""What the pages of every room share: static files, the frame, numbers out of an address, lists, forms, how an action went."""

from fullfunnel.core.pages.addresses import row_id, whole_number
from fullfunnel.core.pages.feedback import json_refusal, render_form, tell
from fullfunnel.core.pages.forms import Form
from fullfunnel.core.pages.frame import asset, frame, kept_query
from fullfunnel.core.pages.lists import Page, asked_page

__all__ = [
    "Form",
    "Page",
    "asked_page",
    "asset",
    "frame",
    "json_refusal",
    "kept_query",
    "render_form",
    "row_id",
    "tell",
    "whole_number",
]
