"""Analysis: what is counted from a search, and from all texts together. Every module is one kind of count; its functions give frozen values."""
