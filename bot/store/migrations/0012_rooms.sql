-- The channels that the bot moderates. Where a channel is, `places` knows by the room's place.
CREATE TABLE rooms (
    id TEXT PRIMARY KEY,
    place TEXT NOT NULL UNIQUE,
    audience TEXT NOT NULL,
    name TEXT,
    is_forum INTEGER NOT NULL DEFAULT 0,
    rules TEXT,
    slow_seconds INTEGER NOT NULL DEFAULT 0,
    hours TEXT,
    hosts TEXT NOT NULL DEFAULT '[]',
    languages TEXT NOT NULL DEFAULT '[]',
    is_unhosted INTEGER NOT NULL DEFAULT 0,
    capacity INTEGER,
    is_taking INTEGER NOT NULL DEFAULT 1,
    paused_until INTEGER,
    created_at INTEGER NOT NULL
) STRICT;

-- The room that set-up has always made.
INSERT INTO rooms (id, place, audience, created_at)
VALUES (lower(hex(randomblob(11))), 'channel.room', 'mixed', 0);

-- Who is in which room, and which of the ground rules they accepted at its door.
CREATE TABLE room_members (
    room_id TEXT NOT NULL REFERENCES rooms (id) ON DELETE CASCADE,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    rules_mark TEXT,
    since INTEGER NOT NULL,
    PRIMARY KEY (room_id, participant_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX room_members_by_participant ON room_members (participant_id);

-- What a room was last brought to on Discord, and its one live card.
CREATE TABLE room_states (
    room_id TEXT PRIMARY KEY REFERENCES rooms (id) ON DELETE CASCADE,
    is_open INTEGER NOT NULL,
    since INTEGER NOT NULL,
    card_id INTEGER,
    card_mark TEXT,
    trouble TEXT,
    retry_at INTEGER
) STRICT;

-- Notes left for the team in a closed room; each goes into a case when somebody is on.
CREATE TABLE left_notes (
    id TEXT PRIMARY KEY,
    room_id TEXT REFERENCES rooms (id) ON DELETE SET NULL,
    participant_id TEXT REFERENCES participants (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL,
    body BLOB NOT NULL,
    left_at INTEGER NOT NULL
) STRICT;

CREATE INDEX left_notes_by_participant ON left_notes (participant_id);

-- People who are never put together: exes, protective orders. The lower account comes first.
CREATE TABLE keep_apart (
    id TEXT PRIMARY KEY,
    low_user_id INTEGER NOT NULL,
    high_user_id INTEGER NOT NULL,
    reason BLOB,
    added_by INTEGER NOT NULL,
    added_at INTEGER NOT NULL,
    UNIQUE (low_user_id, high_user_id)
) STRICT;
