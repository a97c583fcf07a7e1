-- The index of the search, derived from approvals and fed from the log; docs/decisions/0006-search.md describes it.

-- How far each workspace's index is.
create table search_position (
  workspace  varchar(64) not null primary key,
  -- The events of this life of the log up to this offset are in the index.
  epoch      varchar(16) not null,
  log_offset bigint      not null,
  -- Approvals from this id on are in the index; empty when all are.
  filled_from varchar(64) not null
);

-- Some hundred to a thousand approvals whose ids are next to one another. The ranges of a workspace's blocks do not overlap.
create table search_block (
  block     bigint      generated always as identity primary key,
  workspace varchar(64) not null,
  first_id  varchar(64) collate "C" not null,
  last_id   varchar(64) collate "C" not null,
  -- How many numbers were given out in it.
  numbers   bigint      not null,
  -- 1 when approvals of it were removed whose words are still here.
  stale     smallint    not null
);
create unique index search_block_by_id on search_block (workspace, first_id);
create index search_block_stale on search_block (block) where stale = 1;

-- The number of each approval in its block.
create table search_doc (
  block  bigint      not null,
  number bigint      not null,
  id     varchar(64) collate "C" not null,
  primary key (block, number)
);
create unique index search_doc_by_id on search_doc (block, id);

-- Which numbers of a block have a word.
create table search_word (
  block   bigint not null,
  word    bytea  not null,
  numbers bytea  not null,
  primary key (block, word)
);
