-- Topics of up to 200 characters, and events of which a client that resumes needs only the newest. The column is made
-- anew because SQLite cannot change a column's type.
alter table heliograph_log_event rename column topic to earlier_topic;
alter table heliograph_log_event add column topic varchar(200);
update heliograph_log_event set topic = earlier_topic where earlier_topic is not null;
alter table heliograph_log_event drop column earlier_topic;

-- The digest of type, topic, audience and key of an event that has a key; null for all others.
alter table heliograph_log_event add column conflation varchar(24);

create index heliograph_log_event_conflation on heliograph_log_event (workspace, life, conflation, log_offset) where conflation is not null;
