"""Mail that this installation sends to its own users: a queue, one sender, one gate.

Whoever wants something sent calls `queue.queue_mail` in their transaction. Modules: models, queue (the door), sending (its tick), gate (what
every transport passes), smtp (the only place that speaks SMTP), letters and addresses (pure), servers, sealing.
"""
