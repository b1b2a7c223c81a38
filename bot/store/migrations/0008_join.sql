-- How far someone came on the joining screens; gone once they are in.
CREATE TABLE joining (
    participant_id TEXT PRIMARY KEY REFERENCES participants (id) ON DELETE CASCADE,
    zone_at INTEGER,
    daily_at INTEGER,
    hours_at INTEGER
) STRICT;

-- The last test note of each person: where messages go is proven by a tap on it.
CREATE TABLE delivery_trials (
    participant_id TEXT PRIMARY KEY REFERENCES participants (id) ON DELETE CASCADE,
    outbox_id TEXT NOT NULL,
    way TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;

-- Join codes not used yet, as keyed digests. A used one is deleted: used, expired and wrong are
-- then the same.
CREATE TABLE join_codes (
    digest BLOB PRIMARY KEY,
    code TEXT NOT NULL UNIQUE,
    issued_by INTEGER NOT NULL,
    issued_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX join_codes_by_expiry ON join_codes (expires_at);

-- The highest number ever given out, so that none comes twice by itself.
CREATE TABLE join_numbers (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    last INTEGER NOT NULL
) STRICT;

INSERT INTO join_numbers VALUES (1, 0);

-- Codes that did not fit, of the last hour; the account is a keyed digest.
CREATE TABLE join_tries (
    who BLOB NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX join_tries_by_account ON join_tries (who, at);
