create table if not exists orders (
  id      varchar(36)  not null primary key,
  tenant  varchar(64)  not null,
  article varchar(100) not null,
  state   varchar(10)  not null
);
