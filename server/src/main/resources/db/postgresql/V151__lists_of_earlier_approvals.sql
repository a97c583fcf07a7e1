update approval set resolved_by = resolution::json -> 'by' ->> 'id' where resolution is not null;
insert into approval_tag (workspace, tag, id)
  select distinct approval.workspace, each.value, approval.id
  from approval, json_array_elements_text(approval.tags::json) as each(value) where approval.tags <> '[]';
