"""The other processor: a Debian for 64-bit ARM, emulated a program at a time, in which the whole eye runs."""
