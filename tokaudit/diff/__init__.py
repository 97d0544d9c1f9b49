"""What changed between two saved reports?"""
