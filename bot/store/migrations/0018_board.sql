-- A case the team plays: it is marked wherever it shows, and counts nowhere.
ALTER TABLE cases ADD COLUMN is_drill INTEGER NOT NULL DEFAULT 0 CHECK (is_drill IN (0, 1));

-- The messages that are kept up to date in place, one each.
CREATE TABLE live_messages (
    name TEXT PRIMARY KEY,
    channel_id INTEGER NOT NULL,
    message_id INTEGER NOT NULL
) STRICT;

-- A rehearsal may call the world outside only where a lead chose so.
ALTER TABLE cases ADD COLUMN drill_calls_out INTEGER NOT NULL DEFAULT 0
    CHECK (drill_calls_out IN (0, 1));

-- Rehearsals: one at a time.
CREATE TABLE rehearsals (
    id TEXT PRIMARY KEY,
    play TEXT NOT NULL,
    case_id TEXT NOT NULL,
    case_ref TEXT NOT NULL,
    started_by INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;

CREATE UNIQUE INDEX rehearsals_one_at_a_time ON rehearsals (ended_at IS NULL)
    WHERE ended_at IS NULL;

CREATE TABLE rehearsal_steps (
    rehearsal_id TEXT NOT NULL REFERENCES rehearsals (id) ON DELETE CASCADE,
    step TEXT NOT NULL,
    done_by INTEGER NOT NULL,
    done_at INTEGER NOT NULL,
    PRIMARY KEY (rehearsal_id, step)
) STRICT, WITHOUT ROWID;

-- Who left the team and still holds in Discord what they should not.
CREATE TABLE departures (
    user_id INTEGER PRIMARY KEY,
    left_at INTEGER NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0
) STRICT;
