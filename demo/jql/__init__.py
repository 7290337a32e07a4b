"""JQL: its grammar, its words and dates, and how a query finds issues and refuses mistakes as Jira does."""
