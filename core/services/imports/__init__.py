"""Files of customers, deals and people, taken in row by row with an account of each."""
