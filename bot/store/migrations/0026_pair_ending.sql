-- The team set a date for a space to close: that stands, whoever comes back.
ALTER TABLE pairs ADD COLUMN is_ended INTEGER NOT NULL DEFAULT 0;
