"""What sets sales off because events were stored: what other programs say of their leads and deals, and forms."""
