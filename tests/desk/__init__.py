"""The speaker on a desk."""
