"""What goes in and out over HTTP, checked and described; OpenAPI is made from these."""
