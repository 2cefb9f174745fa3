"""What goes in and out: orders, plan documents, tables, calendar files."""
