"""Fields at work: what is known of records, what is written into them, what of them is shown, found and handed out."""
