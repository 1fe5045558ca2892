"""capture: how the world tells us: client dialects, limits, the snippet, and enrichment before the store.

asgi.application answers clients (at the paths that wiring.DOORS gives it), dialects/ read their messages, limits.py bounds
them. enrich.enrich is an INTAKE step: device, touch, channel, country, money; bots are dropped with a reason.
own_channels and its page are the workspace's own channels, asked as `channel_group`.
Others may use: enrich, admission.Rates, agents.agent_of, channels.ga4_channel and fullfunnel_channel, countries.country_of, touches (touch_of,
without_personal_ids), visitors.day_id, models (read), actions, own_channels.
"""
