update approval set outcome = json_extract(resolution, '$.outcome'),
  edited = case when json_extract(resolution, '$.argsEdited') = 1 then 1 else 0 end
  where resolution is not null;
