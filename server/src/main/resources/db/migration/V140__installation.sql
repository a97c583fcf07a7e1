-- What this installation knows of itself: the fingerprint of its token secret, and which life of SQLite's write-ahead log
-- the database file belongs to.
create table installation (
  name  varchar(64)  not null primary key,
  value varchar(200) not null
);
