"""What the pages of deals show: which deals an address asks for, the board, a deal's record, its touches."""
