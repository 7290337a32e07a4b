"""Ids of accounts: where they stand, reporting them, taking them out, hashing them and putting them back."""
