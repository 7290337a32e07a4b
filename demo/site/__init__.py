"""The pages of the stand-in site: Jira's navigation around the app's own page, joined by the real bridge."""
