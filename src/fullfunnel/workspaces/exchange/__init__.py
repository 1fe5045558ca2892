"""Exchange rates: what money in another currency is worth in the workspace's, by day. `rates` and `ecb` are pure."""
