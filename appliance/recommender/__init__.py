"""Which song next: likeness of tags, company on lists, affinity, and what this household showed it likes."""
