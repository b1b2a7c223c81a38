CREATE TABLE programme (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    guild_id INTEGER,
    locale TEXT NOT NULL DEFAULT 'en',
    zone TEXT NOT NULL DEFAULT 'UTC',
    country TEXT,
    codes INTEGER NOT NULL DEFAULT 1,
    joining_open INTEGER NOT NULL DEFAULT 0
) STRICT;

INSERT INTO programme (id) VALUES (1);

CREATE TABLE participants (
    id TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL UNIQUE,
    code TEXT UNIQUE,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    adult_at INTEGER,
    joined_at INTEGER,
    left_at INTEGER
) STRICT;

CREATE TABLE preferences (
    participant_id TEXT PRIMARY KEY REFERENCES participants (id) ON DELETE CASCADE,
    zone TEXT NOT NULL,
    locale TEXT NOT NULL,
    country TEXT,
    checkins INTEGER NOT NULL,
    weekday_time TEXT NOT NULL,
    weekend_time TEXT NOT NULL,
    pace TEXT NOT NULL,
    quiet_start TEXT NOT NULL,
    quiet_end TEXT NOT NULL,
    delivery TEXT NOT NULL,
    delivery_confirmed INTEGER NOT NULL,
    reachable INTEGER NOT NULL,
    dm_channel_id INTEGER,
    thread_id INTEGER,
    safe_contact TEXT NOT NULL,
    safe_hours TEXT
) STRICT;

CREATE TABLE consents (
    id INTEGER PRIMARY KEY,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    kind TEXT NOT NULL,
    given INTEGER NOT NULL,
    text_version INTEGER NOT NULL,
    locale TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX consents_by_participant ON consents (participant_id, kind, id);

CREATE TABLE staff (
    user_id INTEGER PRIMARY KEY,
    role TEXT NOT NULL,
    locale TEXT NOT NULL,
    enrolled_at INTEGER NOT NULL,
    enrolled_by INTEGER
) STRICT;

-- A refused form, kept for a day under a key of its own so that its author can open it again.
CREATE TABLE drafts (
    id TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL,
    route TEXT NOT NULL,
    form_values BLOB NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX drafts_by_user ON drafts (user_id);
CREATE INDEX drafts_by_expiry ON drafts (expires_at);

-- What set-up made: our name for it, Discord's ID, and what it was made like.
CREATE TABLE places (
    key TEXT PRIMARY KEY,
    discord_id INTEGER NOT NULL,
    fingerprint TEXT NOT NULL DEFAULT ''
) STRICT;
