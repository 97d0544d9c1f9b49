"""Gates: limits that figures of a report have to keep, and what is said of those that do not."""
