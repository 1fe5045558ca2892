"""What benchmarks/funnel.py consists of: a made-up stream, our dataset over it, ClickHouse over it, the questions."""
