"""What the pages of every room share: static files, the frame, numbers out of an address, lists, forms, how an action went."""

from fullfunnel.core.pages.addresses import row_id, whole_number
from fullfunnel.core.pages.feedback import json_refusal, render_form, tell
from fullfunnel.core.pages.forms import Form
from fullfunnel.core.pages.frame import asset, frame, kept_query
from fullfunnel.core.pages.lists import Page, asked_page
from fullfunnel.core.pages.toasts import Toast, answer_action, refused_toast, standing_toast

__all__ = [
    "Form",
    "Page",
    "Toast",
    "answer_action",
    "asked_page",
    "asset",
    "frame",
    "json_refusal",
    "kept_query",
    "refused_toast",
    "render_form",
    "row_id",
    "standing_toast",
    "tell",
    "whole_number",
]
