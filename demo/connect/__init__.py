"""Jira's side of Atlassian Connect: keys, tokens, installing, the URLs of an app's pages."""
