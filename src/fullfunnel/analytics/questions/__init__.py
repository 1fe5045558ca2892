"""Questions as they are asked: JSON read into frozen dataclasses, or an error that says where and what would be right."""
