"""The screens: one terminal program over the front door; it holds no rule of its own."""
