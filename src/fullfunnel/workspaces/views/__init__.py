"""The pages of this room: entrance (sign-in, joining), settings, members, keys, sources."""
