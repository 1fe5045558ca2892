"""What rooms give to a workspace."""

# Paths of functions (workspace) -> None, called in the transaction that makes a workspace, or that changes how it sells.
BEGINNINGS = ["fullfunnel.crm.pipelines.provide"]
