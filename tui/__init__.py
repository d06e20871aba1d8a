"""The screens; absent until they exist, so that no face holds a rule."""
