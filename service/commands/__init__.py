"""The commands of `foidesk`, one a module."""
