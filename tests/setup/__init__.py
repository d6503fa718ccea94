"""What installs and starts the box."""
