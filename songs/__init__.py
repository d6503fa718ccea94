"""Music of the box's own: short pieces, composed and played by code, for a household that has not brought any yet."""
