"""The address that signs in to the demo once: tokens, of which only hashes are kept, and the page behind it."""
