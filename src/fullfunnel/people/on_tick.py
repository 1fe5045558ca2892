"""What people do as time passes."""

from fullfunnel.people.erasure import finish_erasures

__all__ = ["finish_erasures"]
