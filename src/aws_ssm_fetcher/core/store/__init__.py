"""Object stores and the keys under which documents lie."""
