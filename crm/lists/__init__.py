"""The lists on the screen: everybody, narrowed and sorted, and what is due today."""
