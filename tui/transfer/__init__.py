"""Files that come in and go out, and the copies that are known of."""
