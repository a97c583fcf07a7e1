-- What lists of approvals are filtered and ordered by.

-- Pending approvals by risk and deadline.
create index approval_pending_order on approval (workspace, risk, expires_at, id) where status = 'pending';
create index approval_by_action on approval (workspace, action_name, id);

-- Who decided, or cancelled.
alter table approval add column resolved_by varchar(64);
create index approval_by_resolved on approval (workspace, resolved_at, id, resolved_by) where resolved_at is not null;

create table approval_tag (
  workspace varchar(64)  not null,
  tag       varchar(200) not null,
  id        varchar(64)  not null,
  primary key (workspace, tag, id)
);
create index approval_tag_by_approval on approval_tag (workspace, id);

insert into workspace_usage (workspace, name, value)
  select workspace, 'approvals.' || status, count(*) from approval where status <> 'pending' group by workspace, status;
