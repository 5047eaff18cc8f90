"""The demonstration: an invented council, its mail server and eight weeks of its requests."""
