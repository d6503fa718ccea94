"""The page under the load of a large family."""
