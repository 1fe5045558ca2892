"""core: what every room needs and no marketer would name: clock, worker, lease, periods, money, pages, charts.

Knows nothing of funnels, people or events, and imports no other room.
Others may use: bodies, business_time, cancellation, clock, csv_cells, directory, durable, files, headers, lease, logs, mail, moments, numbers, pages, public_ids, refused,
resource_errors, rest, sql, suggest, supervisor, templatetags (ui), texts, wal, worker.
"""
