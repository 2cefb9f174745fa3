"""The app as it was built, in a real browser against a real server."""
