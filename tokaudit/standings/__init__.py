"""The tables of a comparison as grids: one screen first, details after."""
