"""Coverage: what the audit of that name is made of, part by part."""
