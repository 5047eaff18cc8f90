"""Documents: the letters we send as files, and the text of files we read."""
