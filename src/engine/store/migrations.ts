/**
 * The schema, as the list of steps that made it. Append a new entry; never edit or reorder the ones that were released.
 *
 * `inputs.key` and `outputs.entry_key` are `call_number * 2^24 + n` (see ids.ts): n is the input's index in its call, or the
 * output's place in the call's append-only log of outputs. Times are unix seconds. Statuses are GenericStatus numbers, 0 = pending.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE apps (
    app_id TEXT PRIMARY KEY,
    environment TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at REAL NOT NULL,
    stopped_at REAL
  ) STRICT;
  CREATE UNIQUE INDEX apps_deployed ON apps (environment, name) WHERE stopped_at IS NULL;

  CREATE TABLE deployments (
    app_id TEXT NOT NULL REFERENCES apps,
    version INTEGER NOT NULL,
    deployed_at REAL NOT NULL,
    digest TEXT NOT NULL,
    python TEXT NOT NULL,
    definition TEXT NOT NULL, -- JSON: deploy/definition.ts, AppDefinition
    PRIMARY KEY (app_id, version)
  ) STRICT;

  CREATE TABLE functions (
    function_id TEXT PRIMARY KEY,
    app_id TEXT NOT NULL REFERENCES apps,
    name TEXT NOT NULL,
    UNIQUE (app_id, name)
  ) STRICT;

  CREATE TABLE function_calls (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    function_call_id TEXT NOT NULL UNIQUE,
    function_id TEXT NOT NULL REFERENCES functions,
    call_type INTEGER NOT NULL,
    invocation_type INTEGER NOT NULL,
    parent_input INTEGER, -- key of the input that made this call
    parent_call INTEGER, -- number of that input's call
    idempotency_key TEXT,
    created_at REAL NOT NULL,
    closed INTEGER NOT NULL DEFAULT 0, -- no more inputs will come
    cancelled INTEGER NOT NULL DEFAULT 0,
    finished_at REAL
  ) STRICT;
  CREATE INDEX function_calls_of_function ON function_calls (function_id, number);
  CREATE INDEX function_calls_unfinished ON function_calls (number) WHERE finished_at IS NULL;
  CREATE INDEX function_calls_children ON function_calls (parent_call) WHERE parent_call IS NOT NULL;
  CREATE UNIQUE INDEX function_calls_idempotency ON function_calls (idempotency_key) WHERE idempotency_key IS NOT NULL;

  CREATE TABLE inputs (
    key INTEGER PRIMARY KEY,
    status INTEGER NOT NULL DEFAULT 0,
    data_format INTEGER NOT NULL,
    method_name TEXT,
    output_entry INTEGER, -- entry_key of its final output
    args BLOB NOT NULL
  ) STRICT;

  CREATE TABLE outputs (
    entry_key INTEGER PRIMARY KEY,
    input INTEGER NOT NULL,
    status INTEGER NOT NULL,
    data_format INTEGER NOT NULL,
    retry_count INTEGER NOT NULL,
    task_id TEXT NOT NULL,
    started_at REAL NOT NULL,
    created_at REAL NOT NULL,
    exception TEXT NOT NULL,
    traceback TEXT NOT NULL,
    data BLOB NOT NULL
  ) STRICT;

  CREATE TABLE logs (
    entry INTEGER PRIMARY KEY AUTOINCREMENT,
    app_id TEXT NOT NULL,
    function_id TEXT NOT NULL,
    task_id TEXT NOT NULL,
    input INTEGER, -- key
    call INTEGER, -- number
    file_descriptor INTEGER NOT NULL,
    at REAL NOT NULL,
    data TEXT NOT NULL
  ) STRICT;
  CREATE INDEX logs_of_app ON logs (app_id, entry);
  CREATE INDEX logs_of_call ON logs (call, entry) WHERE call IS NOT NULL;
  `,
  `
  -- What generators yielded: item_index counts from 1 in its call.
  CREATE TABLE data_out (
    call INTEGER NOT NULL, -- number
    item_index INTEGER NOT NULL,
    data_format INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (call, item_index)
  ) STRICT, WITHOUT ROWID;
  ALTER TABLE function_calls ADD COLUMN items_read INTEGER NOT NULL DEFAULT 0; -- a reader was given some of them
  `,
  `
  CREATE TABLE autoscaler_overrides (
    function_id TEXT PRIMARY KEY,
    version INTEGER NOT NULL, -- of its app; the next version leaves it behind
    settings TEXT NOT NULL -- JSON: scheduler/scaling.ts, AutoscalerOverride
  ) STRICT;
  `,
  `
  -- Functions with arguments or options of their own: instances of classes. Each is one of functions too, under a name made of
  -- the name of its base and a digest of all this.
  CREATE TABLE bindings (
    function_id TEXT PRIMARY KEY REFERENCES functions,
    base_id TEXT NOT NULL REFERENCES functions,
    parameters TEXT NOT NULL, -- JSON: deploy/definition.ts, ParameterValue[]
    pickled BLOB NOT NULL,
    options TEXT NOT NULL -- JSON: deploy/definition.ts, FunctionOptions
  ) STRICT;
  `,
  `
  CREATE TABLE environments (
    name TEXT PRIMARY KEY,
    environment_id TEXT NOT NULL,
    created_at REAL NOT NULL
  ) STRICT;
  INSERT INTO environments SELECT environment, 'en-' || hex(randomblob(11)), min(created_at) FROM apps GROUP BY environment;
  INSERT OR IGNORE INTO environments VALUES ('main', 'en-' || hex(randomblob(11)), unixepoch('subsec'));

  ALTER TABLE deployments ADD COLUMN rollback_of INTEGER; -- the version that this one put back

  CREATE INDEX logs_of_app_by_time ON logs (app_id, at);
  `,
  `
  -- Further attempts that clients make at an input. An output that one supersedes keeps its place in the log, emptied and with
  -- status 0: readers that are past it would not see another in that place.
  ALTER TABLE function_calls ADD COLUMN retried_by_client INTEGER NOT NULL DEFAULT 0; -- and not by the function's policy
  ALTER TABLE inputs ADD COLUMN retry_count INTEGER NOT NULL DEFAULT 0; -- of the client's attempts; outputs have it too
  `,
  `
  -- Large payloads are files beside the database: their names, and their bytes. The column of the bytes themselves is empty then.
  ALTER TABLE inputs ADD COLUMN args_file TEXT;
  ALTER TABLE inputs ADD COLUMN args_length INTEGER;
  ALTER TABLE outputs ADD COLUMN data_file TEXT;
  ALTER TABLE outputs ADD COLUMN data_length INTEGER;
  ALTER TABLE data_out ADD COLUMN data_file TEXT;
  ALTER TABLE data_out ADD COLUMN data_length INTEGER;
  CREATE INDEX inputs_files ON inputs (args_file) WHERE args_file IS NOT NULL;
  CREATE INDEX outputs_files ON outputs (data_file) WHERE data_file IS NOT NULL;
  CREATE INDEX data_out_files ON data_out (data_file) WHERE data_file IS NOT NULL;
  `,
  `
  -- Calls that are forgotten already, and whose rows elsewhere go in small steps.
  CREATE TABLE forgotten_calls (number INTEGER PRIMARY KEY) STRICT;
  CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE INDEX logs_of_no_call ON logs (at) WHERE call IS NULL;
  `,
  `
  -- Apps that run without being deployed: nobody finds them by their name, and any number may have the same one.
  DROP INDEX apps_deployed;
  ALTER TABLE apps ADD COLUMN run TEXT; -- 'attended', 'detached'; null for a deployed app
  CREATE UNIQUE INDEX apps_deployed ON apps (environment, name) WHERE stopped_at IS NULL AND run IS NULL;
  `,
  `
  -- Deleting a function looks for those that are bound to it.
  CREATE INDEX bindings_of_base ON bindings (base_id);
  `,
  `
  -- The id of a call is made from the key of its request, so the key is not needed beside it: an index less to write for every call.
  DROP INDEX function_calls_idempotency;
  ALTER TABLE function_calls DROP COLUMN idempotency_key;
  `,
  `
  -- What Modal's own clients make before they publish a version of an app: its functions, as they define them, and what these name.
  CREATE TABLE function_definitions (
    definition_id TEXT PRIMARY KEY, -- made of the function and the message: the same again is the same
    function_id TEXT NOT NULL REFERENCES functions,
    message BLOB NOT NULL, -- modal.client.Function
    created_at REAL NOT NULL
  ) STRICT;
  CREATE INDEX function_definitions_of_function ON function_definitions (function_id);
  CREATE TABLE objects (
    object_id TEXT PRIMARY KEY, -- its prefix says what it is: mo, im, st, vo, di, qu
    environment TEXT NOT NULL, -- empty for one that belongs to no environment
    name TEXT, -- null for one that only its id finds
    content TEXT NOT NULL, -- JSON, of the shape that its kind has
    created_at REAL NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX objects_named ON objects (substr(object_id, 1, 2), environment, name) WHERE name IS NOT NULL;
  `,
  `
  -- What is in dicts and queues; they themselves are objects (di, qu).
  CREATE TABLE dict_entries (
    number INTEGER PRIMARY KEY,
    dict_id TEXT NOT NULL,
    key BLOB NOT NULL,
    used_at REAL NOT NULL, -- read or written, within the hour
    value_file TEXT,
    value_length INTEGER,
    value BLOB NOT NULL,
    UNIQUE (dict_id, key)
  ) STRICT;
  CREATE INDEX dict_entries_by_use ON dict_entries (used_at);
  CREATE TABLE queue_partitions (
    queue_id TEXT NOT NULL,
    partition_key BLOB NOT NULL,
    items INTEGER NOT NULL, -- more than none
    expires_at REAL NOT NULL,
    PRIMARY KEY (queue_id, partition_key)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX queue_partitions_by_expiry ON queue_partitions (expires_at);
  CREATE TABLE queue_items (
    number INTEGER PRIMARY KEY AUTOINCREMENT, -- readers who pass through a queue know their place by it
    queue_id TEXT NOT NULL,
    partition_key BLOB NOT NULL,
    value_file TEXT,
    value_length INTEGER,
    value BLOB NOT NULL
  ) STRICT;
  CREATE INDEX queue_items_of_partition ON queue_items (queue_id, partition_key, number);
  `,
];
