"""analytics: questions to the stream, and the folds that answer those about order."""
