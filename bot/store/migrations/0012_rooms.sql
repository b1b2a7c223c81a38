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
