-- How an approval was decided, and whether its args were edited, for statistics. Null: not decided.
alter table approval add column outcome varchar(16);
alter table approval add column edited smallint;
