"""What separates those who went on to a step from those who were lost before it: odds ratios, corrected for how many were tried."""
