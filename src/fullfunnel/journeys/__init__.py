"""journeys: questions about what people did, in order, and their answers. Free of Django.

A question (JSON) is read into a frozen dataclass, asked of a dataset (a workspace or a file), and answered by a fold over
journeys or by SQL. A kind of question is a folder here and an entry in kinds.KINDS.
Others may use: ask, kinds, kind, questions, datasets, answers, deadline, watch, folds (segments), trend, why, stages,
attribution, returns (their pages).
"""
