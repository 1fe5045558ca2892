"""The pages of stages: both funnels, who stands behind a number, the settings."""
