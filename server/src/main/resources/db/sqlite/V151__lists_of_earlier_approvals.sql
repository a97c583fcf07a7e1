update approval set resolved_by = json_extract(resolution, '$.by.id') where resolution is not null;
insert into approval_tag (workspace, tag, id)
  select distinct approval.workspace, each.value, approval.id from approval, json_each(approval.tags) as each
  where approval.tags <> '[]';
