"""messaging: what is said to people, and whether it may be: topics, double opt-in, the preference centre, the policy.

The first slice (docs/topics.md): nothing here writes newsletters yet. `policy` and `hits` are pure; links are signed.
Others may use: models (read), actions, standing, policy, hits.
"""
