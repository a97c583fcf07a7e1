-- delta_rev counts the deltas of a message, and text_rev is what it was when the text was written: the text has those.
-- delta_key is the Idempotency-Key of the last delta that had one.
alter table agent_message add column delta_rev bigint not null default 0;
alter table agent_message add column text_rev bigint not null default 0;
alter table agent_message add column delta_key varchar(255);
