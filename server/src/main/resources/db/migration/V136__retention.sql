-- What retention looks for, oldest first.
create index approval_by_resolution on approval (resolved_at) where resolved_at is not null;
create index agent_message_by_age on agent_message (created_at);
create index notification_by_reading on notification (read_at) where read_at is not null;
create index session_by_expiry on session (expires_at);
create index audit_entry_by_age on audit_entry (at);
