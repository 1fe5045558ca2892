"""events: what happened: the stream, its journal (durable inbox) and its stores.

One shape of event (event.Event); arrivals wait in the journal until the drain turns them into events in the lake.
Others may use: event, names, journal (capture writes it), record (the outbox), store.open_store, catalogue, conditions.
"""
