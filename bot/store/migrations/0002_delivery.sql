-- One row per recurring thing. Occurrences up to decided_until are dealt with; next_due_at only
-- says when to look again, so moving it never loses one.
CREATE TABLE schedules (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    participant_id TEXT REFERENCES participants (id) ON DELETE CASCADE,
    channel_key TEXT,
    subject_id TEXT NOT NULL,
    rule TEXT NOT NULL,
    zone TEXT NOT NULL,
    decided_until INTEGER NOT NULL,
    next_due_at INTEGER,
    paused INTEGER NOT NULL DEFAULT 0,
    CHECK ((participant_id IS NULL) <> (channel_key IS NULL))
) STRICT;

CREATE INDEX schedules_due ON schedules (next_due_at)
WHERE paused = 0 AND next_due_at IS NOT NULL;

CREATE UNIQUE INDEX schedules_subject ON schedules (
    ifnull(participant_id, channel_key), kind, subject_id
);

CREATE INDEX schedules_by_participant ON schedules (participant_id);

-- One row per message. Settled rows are kept until retention: they are what makes an occurrence
-- unique.
CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    priority INTEGER NOT NULL,
    participant_id TEXT REFERENCES participants (id) ON DELETE CASCADE,
    channel_key TEXT,
    subject_id TEXT NOT NULL,
    args TEXT NOT NULL,
    schedule_id TEXT,
    nominal_date TEXT,
    slot TEXT NOT NULL,
    attempt INTEGER NOT NULL,
    key TEXT UNIQUE,
    due_at INTEGER NOT NULL,
    send_after INTEGER NOT NULL,
    expires_at INTEGER,
    state TEXT NOT NULL CHECK (
        state IN ('pending', 'sending', 'sent', 'uncertain', 'failed', 'closed', 'paused')
    ),
    reason TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    claimed_at INTEGER,
    doubtful_since INTEGER,
    scope TEXT,
    sent_at INTEGER,
    channel_id INTEGER,
    message_id INTEGER,
    closed_at INTEGER,
    merged_into TEXT,
    CHECK ((participant_id IS NULL) <> (channel_key IS NULL))
) STRICT;

CREATE UNIQUE INDEX outbox_occurrence ON outbox (schedule_id, nominal_date, slot, attempt)
WHERE schedule_id IS NOT NULL;

CREATE INDEX outbox_ready ON outbox (priority, send_after) WHERE state = 'pending';
CREATE INDEX outbox_waiting ON outbox (send_after) WHERE state = 'pending';
CREATE INDEX outbox_claimed ON outbox (claimed_at) WHERE state = 'sending';
CREATE INDEX outbox_paused ON outbox (scope) WHERE state = 'paused';
CREATE INDEX outbox_merged ON outbox (merged_into) WHERE merged_into IS NOT NULL;
CREATE INDEX outbox_by_participant ON outbox (participant_id, state);
CREATE INDEX outbox_by_subject ON outbox (subject_id, state) WHERE subject_id <> '';

-- Channels, or the parent of all personal threads, where the bot lost a permission.
CREATE TABLE paused_scopes (
    scope TEXT PRIMARY KEY,
    paused_at INTEGER NOT NULL,
    retry_at INTEGER NOT NULL
) STRICT;
