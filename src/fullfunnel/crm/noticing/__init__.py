"""What sales tells members by notices, and the links in these mails that answer a lead."""
