"""Every word the desk sends or shows; a folder of the authority's own may override any of it."""
