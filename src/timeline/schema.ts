// The tables, as steps from version to version. A step that has been released is never changed: a new one is added.

/** "SEMT": tells a timeline from any other SQLite file. */
export const APPLICATION = 0x53454d54;

/**
 * `points.stop` 1: a place to stop at. `points.delta`: 0 no change of state, 1 the change is the event's own values,
 * 2 the change stands in `body`, 3 the values a snapshot learned, in `body`. Names, references and chunks are kept once.
 * Indexes end with the row's own number, so that next and previous within one of them are a single look-up.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE names (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
  CREATE TABLE refs (id INTEGER PRIMARY KEY, entity INTEGER NOT NULL, key TEXT NOT NULL, UNIQUE (entity, key)) STRICT;
  CREATE TABLE points (
    seq INTEGER PRIMARY KEY, kind INTEGER NOT NULL, time INTEGER NOT NULL, since INTEGER, target INTEGER,
    object INTEGER, entity INTEGER, attribute INTEGER, type INTEGER, file INTEGER, line INTEGER,
    stop INTEGER NOT NULL, ordinal INTEGER NOT NULL, delta INTEGER NOT NULL, body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX points_object ON points (object, stop) WHERE object IS NOT NULL;
  CREATE INDEX points_entity ON points (entity, stop) WHERE entity IS NOT NULL;
  CREATE INDEX points_attribute ON points (entity, attribute, stop) WHERE attribute IS NOT NULL;
  CREATE INDEX points_type ON points (type, stop) WHERE type IS NOT NULL;
  CREATE INDEX points_file ON points (file, stop) WHERE file IS NOT NULL;
  CREATE INDEX points_line ON points (file, line, stop) WHERE file IS NOT NULL;
  CREATE INDEX points_target ON points (target, stop) WHERE target IS NOT NULL;
  CREATE INDEX points_kind ON points (kind) WHERE kind > 0;
  CREATE INDEX points_time ON points (time);
  CREATE UNIQUE INDEX points_ordinal ON points (ordinal) WHERE stop = 1;
  CREATE INDEX points_learned ON points (delta) WHERE delta = 3;
  CREATE TABLE chunks (id INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, body BLOB NOT NULL) STRICT;
  CREATE TABLE keyframes (
    seq INTEGER PRIMARY KEY, origin INTEGER NOT NULL, entities INTEGER NOT NULL, chunks BLOB NOT NULL
  ) STRICT;
  CREATE INDEX keyframes_origin ON keyframes (origin) WHERE origin = 1;
  CREATE TABLE targets (name INTEGER PRIMARY KEY) STRICT;
  CREATE TABLE totals (
    only INTEGER PRIMARY KEY CHECK (only = 1), events INTEGER NOT NULL, stops INTEGER NOT NULL,
    snapshots INTEGER NOT NULL, lost INTEGER NOT NULL, disorder INTEGER NOT NULL, latest INTEGER NOT NULL
  ) STRICT;
  INSERT INTO totals VALUES (1, 0, 0, 0, 0, 0, 0);
  CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE migrations (version INTEGER PRIMARY KEY, applied TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP) STRICT;
  `,
];

/** The version this program writes. */
export const VERSION = MIGRATIONS.length;
