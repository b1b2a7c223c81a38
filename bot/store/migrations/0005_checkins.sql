-- One row per person and local day. texts is sealed under the person's key for this person and day.
CREATE TABLE checkins (
    id TEXT PRIMARY KEY,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    day TEXT NOT NULL,
    set_id TEXT NOT NULL,
    set_version INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (
        state IN (
            'scheduled', 'sent', 'opened', 'answered', 'late', 'skipped', 'no_answer', 'excused'
        )
    ),
    due_at INTEGER,
    closes_at INTEGER,
    sent_at INTEGER,
    opened_at INTEGER,
    answered_at INTEGER,
    edited_at INTEGER,
    texts BLOB,
    UNIQUE (participant_id, day)
) STRICT;

CREATE INDEX checkins_closing ON checkins (closes_at)
WHERE state IN ('scheduled', 'sent', 'opened');

CREATE INDEX checkins_open ON checkins (participant_id, closes_at)
WHERE state IN ('scheduled', 'sent', 'opened');

-- Choices on a scale; top is the last option's place, so that scales of other versions compare.
CREATE TABLE checkin_levels (
    checkin_id TEXT NOT NULL REFERENCES checkins (id) ON DELETE CASCADE,
    question TEXT NOT NULL,
    meaning TEXT,
    level INTEGER NOT NULL,
    top INTEGER NOT NULL,
    PRIMARY KEY (checkin_id, question)
) STRICT;

CREATE TABLE aways (
    id TEXT PRIMARY KEY,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    CHECK (first_day <= last_day)
) STRICT;

CREATE INDEX aways_by_participant ON aways (participant_id, last_day);

-- Heads-ups found; passed_at is empty until the team has it, so that a crash loses none.
CREATE TABLE signals (
    id TEXT PRIMARY KEY,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    source TEXT NOT NULL,
    found_at INTEGER NOT NULL,
    passed_at INTEGER,
    withdrawn INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX signals_by_participant ON signals (participant_id, source, found_at);
CREATE INDEX signals_pending ON signals (found_at) WHERE passed_at IS NULL AND withdrawn = 0;

-- What a person is sent or asked once only.
CREATE TABLE checkin_marks (
    participant_id TEXT PRIMARY KEY REFERENCES participants (id) ON DELETE CASCADE,
    nudged_at INTEGER,
    offered_at INTEGER
) STRICT;

-- Every wording a check-in was ever asked in: staff's text for everyone, so it is not sealed.
CREATE TABLE prompt_versions (
    set_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    shipped INTEGER NOT NULL,
    published_at INTEGER NOT NULL,
    published_by INTEGER,
    PRIMARY KEY (set_id, version)
) STRICT;

CREATE TABLE prompt_drafts (
    set_id TEXT PRIMARY KEY,
    body TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by INTEGER NOT NULL
) STRICT;
