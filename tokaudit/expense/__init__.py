"""Expense: what the fertility audit is made of, each part of it a total of its own or a table."""
