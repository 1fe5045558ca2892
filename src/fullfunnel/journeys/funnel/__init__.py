"""Funnels: who went through the steps, who was lost, who can still convert."""
