"""forms: how people leave their details: a page of our own or a frame in the firm's site, what they sent, and where they stop.

A form has a draft and published versions, which never change. A submission is a row and an event (`form_submitted`) in one transaction.
Others may use: models (read), fields (what an answer is), actions.
"""
