"""The law and the trade as pure values and functions: standard library only, no I/O, never the wall clock."""
