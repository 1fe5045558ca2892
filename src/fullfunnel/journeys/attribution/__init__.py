"""Attribution: what each channel earned of the conversions, under thirteen models."""
