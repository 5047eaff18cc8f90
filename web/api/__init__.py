"""The API: what programs may read, as JSON; never a page, a session or a cookie."""
