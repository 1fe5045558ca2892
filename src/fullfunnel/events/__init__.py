"""events: what happened: the stream, its journal (durable inbox) and its stores.

One shape of event (event.Event); arrivals wait in the journal until the drain turns them into events in the lake.
Others may use: event, names, conditions, values, times, catalogue, models (read), store (open_store), freshness, sessions,
reactions (liveness), journal, strict_json (what arrives), record, erasure (people; rooms above use people.record),
mapping, who (files), backups (how they stand).
"""
