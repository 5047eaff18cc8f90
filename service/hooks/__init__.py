"""Webhooks on the wire: signed, sent by HTTP to addresses that were checked, and tried again."""
