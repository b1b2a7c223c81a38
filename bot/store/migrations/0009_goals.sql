-- What two people may hold together; one person's own words and marks are in their part.
CREATE TABLE goals (
    id TEXT PRIMARY KEY,
    topic TEXT NOT NULL,
    shared INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL,
    closed_at INTEGER
) STRICT;

-- One person's part. texts and pending are sealed under that person's key.
CREATE TABLE goal_parts (
    id TEXT PRIMARY KEY,
    goal_id TEXT NOT NULL REFERENCES goals (id) ON DELETE CASCADE,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    rule TEXT,
    pauses TEXT NOT NULL DEFAULT '[]',
    review_on TEXT,
    shows INTEGER NOT NULL DEFAULT 0,
    cheers INTEGER NOT NULL DEFAULT 0,
    texts BLOB,
    pending BLOB,
    readings TEXT,
    created_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    UNIQUE (goal_id, participant_id)
) STRICT;

CREATE INDEX goal_parts_by_participant ON goal_parts (participant_id, state);
CREATE INDEX goal_parts_unfinished ON goal_parts (changed_at)
WHERE state IN ('draft', 'waiting', 'invited');

-- What a person said of one time of a day; slot is empty where no time was set.
CREATE TABLE goal_marks (
    part_id TEXT NOT NULL REFERENCES goal_parts (id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    slot TEXT NOT NULL,
    mark TEXT NOT NULL,
    marked_at INTEGER NOT NULL,
    PRIMARY KEY (part_id, day, slot)
) STRICT;

-- Days a person counts; a new start ends the one before and keeps it.
CREATE TABLE day_counts (
    id TEXT PRIMARY KEY,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    first_day TEXT NOT NULL,
    last_day TEXT,
    next_at INTEGER
) STRICT;

CREATE INDEX day_counts_by_participant ON day_counts (participant_id, first_day);
CREATE INDEX day_counts_next ON day_counts (next_at) WHERE next_at IS NOT NULL;
