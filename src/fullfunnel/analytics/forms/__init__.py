"""The builder's form: a funnel as query string (the view is the URL), as JSON of the contract, and back."""
