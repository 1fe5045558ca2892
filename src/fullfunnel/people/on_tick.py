"""What people do as time passes."""

from fullfunnel.people.actions.erasing import finish_erasures

__all__ = ["finish_erasures"]
