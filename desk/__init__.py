"""The speaker on a desk: both halves and a music server of its own on any machine. Belongs to neither half."""
