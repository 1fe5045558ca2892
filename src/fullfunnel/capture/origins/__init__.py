"""What an address, a referrer or an app says of where somebody came from."""
