"""The ear's network: what it is taught from, how it is trained, quantised and judged."""
