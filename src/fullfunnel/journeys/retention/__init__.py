"""Retention: who came back, cohort by cohort."""
