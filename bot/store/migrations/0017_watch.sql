-- What the risk screen found. No text, unless the operator keeps excerpts.
CREATE TABLE hits (
    id TEXT PRIMARY KEY,
    participant_id TEXT REFERENCES participants (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL,
    place TEXT NOT NULL,
    channel_id INTEGER,
    message_id INTEGER,
    label TEXT NOT NULL,
    tier TEXT NOT NULL,
    version TEXT NOT NULL,
    found_at INTEGER NOT NULL,
    case_id TEXT,
    informed INTEGER,
    done INTEGER NOT NULL DEFAULT 0,
    said_okay INTEGER NOT NULL DEFAULT 0,
    verdict TEXT,
    verdict_by INTEGER,
    verdict_at INTEGER,
    excerpt BLOB
) STRICT;

-- An edited post is screened again; the same finding about it counts once.
CREATE UNIQUE INDEX hits_of_message ON hits (message_id, label, tier)
WHERE message_id IS NOT NULL;
CREATE INDEX hits_undone ON hits (found_at) WHERE done = 0;
CREATE INDEX hits_by_case ON hits (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX hits_waiting ON hits (found_at)
WHERE tier = 'review' AND case_id IS NULL AND verdict IS NULL;
CREATE INDEX hits_by_user ON hits (user_id, found_at);
CREATE INDEX hits_by_participant ON hits (participant_id);

-- Who does not want a card when danger words are found. The team learns of them all the same.
CREATE TABLE watch_silence (
    participant_id TEXT PRIMARY KEY REFERENCES participants (id) ON DELETE CASCADE,
    since INTEGER NOT NULL
) STRICT;

CREATE TABLE watch_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    started_at INTEGER,
    digest_at INTEGER,
    tested_at INTEGER,
    down_since INTEGER,
    automod INTEGER NOT NULL DEFAULT 0,
    unscreened INTEGER NOT NULL DEFAULT 0
) STRICT;

INSERT INTO watch_state (id) VALUES (1);
