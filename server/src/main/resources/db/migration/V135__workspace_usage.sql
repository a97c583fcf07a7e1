-- Counters of a workspace, changed by the transactions that change what they count. "heliograph recount" counts anew.
create table workspace_usage (
  workspace varchar(64) not null,
  name      varchar(32) not null,
  value     bigint      not null,
  primary key (workspace, name)
);

-- UTF-8 bytes of a row's texts, as they count for the workspace's stored bytes.
alter table approval add column bytes bigint not null default 0;
alter table agent_message add column bytes bigint not null default 0;
-- Messages that are stored; last_message_seq also counts those that retention has removed.
alter table agent add column messages bigint not null default 0;

update approval set bytes = octet_length(title) + coalesce(octet_length(description), 0)
  + coalesce(octet_length(reasoning), 0) + octet_length(tags) + octet_length(action_name) + octet_length(action_args)
  + coalesce(octet_length(action_preview), 0) + coalesce(octet_length(args_schema), 0) + octet_length(reject_options)
  + octet_length(metadata) + coalesce(octet_length(resolution), 0);
update agent_message set bytes = octet_length(body);
update agent set messages = (select count(*) from agent_message m
  where m.workspace = agent.workspace and m.agent_id = agent.id);

insert into workspace_usage (workspace, name, value)
  select workspace, 'approvals.pending', count(*) from approval where status = 'pending' group by workspace;
insert into workspace_usage (workspace, name, value)
  select workspace, 'approvals.critical', count(*) from approval
  where status = 'pending' and risk = 'critical' group by workspace;
insert into workspace_usage (workspace, name, value)
  select workspace, 'agents', count(*) from agent group by workspace;
insert into workspace_usage (workspace, name, value)
  select workspace, 'stored.bytes', sum(bytes) from (
    select workspace, bytes from approval union all select workspace, bytes from agent_message) as texts
  group by workspace;
