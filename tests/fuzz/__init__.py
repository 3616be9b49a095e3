"""Any text in, for as long as one likes: `make fuzz-spelling MINUTES=10`."""
