"""notices: what a member is told, under the bell and by mail.

The rooms above say what happened by `actions.tell_member`, once for each occasion; who is told decides how, kind by kind.
Others may use: models (read), actions, kinds.
"""
