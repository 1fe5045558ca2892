"""The funnel: its page has views of its own (views/funnel.py)."""

from fullfunnel.analytics.forms.funnel_form import FunnelForm
from fullfunnel.analytics.kinds.page import OwnPage

FUNNEL = FunnelForm()
PAGE = OwnPage(FUNNEL)
