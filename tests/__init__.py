"""The tests. Fixtures of the shapes are in shapes/, golden answers in golden/, the invented countries in world/."""
