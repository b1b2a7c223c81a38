-- A case the team plays: it is marked wherever it shows, and counts nowhere.
ALTER TABLE cases ADD COLUMN is_drill INTEGER NOT NULL DEFAULT 0 CHECK (is_drill IN (0, 1));

-- The messages that are kept up to date in place, one each.
CREATE TABLE live_messages (
    name TEXT PRIMARY KEY,
    channel_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL
) STRICT;
