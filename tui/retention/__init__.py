"""Why somebody is kept and how that ends: grounds, forgetting on time, erasing."""
