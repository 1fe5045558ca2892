"""core: what every room needs and no marketer would name: clock, worker, lease, periods, money, pages, charts.

Knows nothing of funnels, people or events, and imports no other room.
Others may use: clock.now, lease.Lease, worker.run, refused.Refused, pages (frame, numbers of an address, lists, forms, how an action went), templatetags.ui.
"""
