"""What a Freedom of Information desk knows and does."""
