-- What set-up began to make: if the process dies before the place is saved, the thing is found
-- again instead of being made twice.
CREATE TABLE begun_places (
    key TEXT PRIMARY KEY,
    begun_at INTEGER NOT NULL
) STRICT;

-- What people of the team confirmed before going live. The subject is what exactly they looked
-- at, such as the crisis lines of one country as they stood then.
CREATE TABLE confirmations (
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id INTEGER NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (kind, subject, user_id)
) STRICT;
