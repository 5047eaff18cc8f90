"""One act per module: takes a session, never commits, never asks the time."""
