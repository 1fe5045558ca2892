"""The workspace's own channels: rules before our group, answered as the property `channel_group` for all of the past.

rules: read and checked; grouped: over an index's columns; in_sql: the same as SQL; fields: what stands in the page's controls;
preview: what rules would change.
"""
