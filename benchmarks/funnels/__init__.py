"""What benchmarks/funnel.py consists of: a made-up stream, our world over it, ClickHouse over it, the questions."""
