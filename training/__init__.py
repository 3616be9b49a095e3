"""What is learned from data before it is used: weights that are kept in the project, and the scripts that make them."""
