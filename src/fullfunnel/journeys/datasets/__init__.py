"""What a question is asked of: the Dataset protocol, and a file as a dataset."""
