-- The private word of whoever set one: a slow digest, never the word.
CREATE TABLE private_words (
    participant_id TEXT PRIMARY KEY REFERENCES participants (id) ON DELETE CASCADE,
    salt BLOB NOT NULL,
    digest BLOB NOT NULL,
    cost INTEGER NOT NULL,
    set_at INTEGER NOT NULL,
    open_until INTEGER
) STRICT;

-- Words that did not fit, of the last hour.
CREATE TABLE private_word_tries (
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX private_word_tries_by_person ON private_word_tries (participant_id, at);

-- What is left of cases that were closed long enough ago: how many there were, of nobody.
CREATE TABLE case_counts (
    month INTEGER NOT NULL,
    source TEXT NOT NULL,
    severity INTEGER NOT NULL,
    resolution TEXT NOT NULL,
    cases INTEGER NOT NULL,
    PRIMARY KEY (month, source, severity, resolution)
) STRICT, WITHOUT ROWID;

CREATE INDEX cases_closed ON cases (closed_at) WHERE state = 'closed';
CREATE INDEX participants_left ON participants (left_at) WHERE left_at IS NOT NULL;

-- What is still in Discord, by when it was sent.
CREATE INDEX outbox_posted ON outbox (sent_at) WHERE message_id IS NOT NULL;

-- When each class of data was last gone through.
CREATE TABLE retention_runs (
    class TEXT PRIMARY KEY,
    ran_at INTEGER NOT NULL,
    removed INTEGER NOT NULL
) STRICT;
