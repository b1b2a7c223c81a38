-- What the team did in a room or to a member. The body holds the reason and the words to the
-- person, sealed under the row's own key.
CREATE TABLE moderation_acts (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    user_id INTEGER,
    participant_id TEXT REFERENCES participants (id) ON DELETE CASCADE,
    by_id INTEGER NOT NULL,
    room_id TEXT,
    channel_id INTEGER,
    message_id INTEGER,
    case_id TEXT REFERENCES cases (id) ON DELETE SET NULL,
    seconds INTEGER,
    note TEXT NOT NULL DEFAULT '',
    body BLOB,
    begun_at INTEGER NOT NULL,
    done_at INTEGER
) STRICT;

CREATE INDEX moderation_acts_by_participant ON moderation_acts (participant_id);
CREATE INDEX moderation_acts_by_user ON moderation_acts (user_id, begun_at);
CREATE INDEX moderation_acts_unfinished ON moderation_acts (begun_at)
WHERE state IN ('begun', 'doing');
-- Two presses at once hide a post once.
CREATE UNIQUE INDEX moderation_acts_hidden_once ON moderation_acts (message_id)
WHERE kind = 'hide' AND state IN ('doing', 'done');

-- The text of a post that was hidden: it goes long before the line about it.
CREATE TABLE hidden_posts (
    id TEXT PRIMARY KEY,
    act_id TEXT NOT NULL UNIQUE REFERENCES moderation_acts (id) ON DELETE CASCADE,
    participant_id TEXT REFERENCES participants (id) ON DELETE CASCADE,
    body BLOB NOT NULL
) STRICT;

CREATE INDEX hidden_posts_by_participant ON hidden_posts (participant_id);

-- What one of the team wants a colleague to know about a person.
CREATE TABLE colleague_notes (
    id TEXT PRIMARY KEY,
    user_id INTEGER NOT NULL,
    participant_id TEXT REFERENCES participants (id) ON DELETE CASCADE,
    by_id INTEGER NOT NULL,
    body BLOB NOT NULL,
    at INTEGER NOT NULL
) STRICT;

CREATE INDEX colleague_notes_by_user ON colleague_notes (user_id, at);
CREATE INDEX colleague_notes_by_participant ON colleague_notes (participant_id);

-- Questions that are not urgent; question and answer are under the key of who asked.
CREATE TABLE questions (
    id TEXT PRIMARY KEY,
    participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    for_all INTEGER NOT NULL DEFAULT 0,
    body BLOB NOT NULL,
    answer BLOB,
    answered_by INTEGER,
    room_id TEXT,
    asked_at INTEGER NOT NULL,
    answered_at INTEGER
) STRICT;

CREATE INDEX questions_by_participant ON questions (participant_id, asked_at);
CREATE INDEX questions_open ON questions (asked_at) WHERE state = 'open';

-- Who would like a buddy; nobody sees the list but those of the team without a conflict.
CREATE TABLE buddy_wishes (
    participant_id TEXT PRIMARY KEY REFERENCES participants (id) ON DELETE CASCADE,
    wished_at INTEGER NOT NULL
) STRICT;

-- Two people who might write to each other: each answer is its own, and starts nothing alone.
CREATE TABLE buddies (
    id TEXT PRIMARY KEY,
    first_participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    second_participant_id TEXT NOT NULL REFERENCES participants (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    first_answer TEXT NOT NULL DEFAULT '',
    second_answer TEXT NOT NULL DEFAULT '',
    proposed_by INTEGER NOT NULL,
    proposed_at INTEGER NOT NULL,
    started_at INTEGER,
    until_at INTEGER NOT NULL
) STRICT;

CREATE INDEX buddies_by_first ON buddies (first_participant_id, state);
CREATE INDEX buddies_by_second ON buddies (second_participant_id, state);

-- Whether the one who raised a concern agreed that the team writes to the person it is about.
ALTER TABLE concerns ADD COLUMN may_contact INTEGER NOT NULL DEFAULT 0;
