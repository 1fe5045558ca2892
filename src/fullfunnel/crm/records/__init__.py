"""What the pages of companies and the person's sales panel show, and the forms that they ask with."""
