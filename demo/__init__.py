"""A stand-in Jira Cloud site."""
