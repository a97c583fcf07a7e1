-- Each index is another page that a commit writes. Rows without a value need no entry, and only counts used the last.
drop index approval_by_external_id;
create unique index approval_by_external_id on approval (workspace, agent_id, external_id)
  where external_id is not null;
drop index approval_by_idempotency_key;
create unique index approval_by_idempotency_key on approval (workspace, requested_by, idempotency_key)
  where idempotency_key is not null;
drop index approval_pending_agent;
