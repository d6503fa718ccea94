"""What runs inside the cameras' machine."""
