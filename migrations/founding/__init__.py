"""The tables as the first release founds them; frozen with the step that makes them."""
