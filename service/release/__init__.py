"""What a file holds that its reader does not see, looked for before the file leaves the authority."""
