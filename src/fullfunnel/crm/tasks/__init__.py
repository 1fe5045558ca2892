"""What somebody of us has to do, by when it is due."""
