-- Counters in rows, changed by the transactions that change what they count. "heliograph recount" counts anew.

-- How many notifications of a member are unseen, and unread. Archived ones do not count.
create table notification_count (
  workspace varchar(64) not null,
  member_id varchar(64) not null,
  unseen    bigint      not null,
  unread    bigint      not null,
  primary key (workspace, member_id)
);

insert into notification_count (workspace, member_id, unseen, unread)
  select workspace, member_id, count(case when seen_at is null then 1 end), count(*) from member_notification
  where read_at is null and archived_at is null group by workspace, member_id;

insert into workspace_usage (workspace, name, value)
  select workspace, 'agents.' || status, count(*) from agent group by workspace, status;

update agent set pending_approvals = (select count(*) from approval
  where approval.workspace = agent.workspace and approval.agent_id = agent.id and approval.status = 'pending');

-- Only counts used them.
drop index agent_by_status;
drop index approval_pending_risk;
