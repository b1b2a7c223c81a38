-- Whether the team was told that a member left; a stop in between loses nothing.
ALTER TABLE pair_members ADD COLUMN told INTEGER NOT NULL DEFAULT 1;
CREATE INDEX pair_members_untold ON pair_members (pair_id) WHERE told = 0;
