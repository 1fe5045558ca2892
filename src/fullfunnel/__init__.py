"""fullfunnel: the marketing funnel and the sales funnel as one road."""

__version__ = "0.1.0"
