"""What the tests of all rooms share: the cast, the real server, what a machine must have, the folder beside the checkout."""
