"""What stands before Jira's REST API: who is calling, what the app may do, and how much of it."""
