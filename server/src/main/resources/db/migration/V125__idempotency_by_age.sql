-- Old answers are removed by a timer, of all workspaces in the order of their age, and no longer by each request.
drop index idempotency_by_age;
create index idempotency_by_age on idempotency (created_at);
