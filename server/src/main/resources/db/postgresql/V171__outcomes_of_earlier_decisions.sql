update approval set outcome = resolution::json ->> 'outcome',
  edited = case when resolution::json ->> 'argsEdited' = 'true' then 1 else 0 end
  where resolution is not null;
