"""Questions answered from documents. Pure: nothing here prints."""
