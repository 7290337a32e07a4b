"""One module a way of answering a clause; each gives the rows that meet it."""
