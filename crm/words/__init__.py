"""What both faces call things: labels, codes and reasons in the language in use."""
