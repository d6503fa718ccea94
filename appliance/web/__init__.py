"""The phone page: what the box knows, and what a paired phone may ask of it."""
