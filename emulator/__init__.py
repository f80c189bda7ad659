"""The chat platforms on localhost: a platform each, sharing no code with the product that talks to them."""
