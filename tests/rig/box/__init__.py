"""The box under a real systemd: installed in a container, broken, upgraded and taken away again."""
