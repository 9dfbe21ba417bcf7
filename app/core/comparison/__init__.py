"""The same question through two copies of a model: answers aligned, differing figures marked."""
